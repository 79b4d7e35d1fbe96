//! What a component imports. A démarche imports nothing but the contract's own types, which are not code.

use wasmtime::{
    Engine,
    component::{Component, types::ComponentItem},
};

/// Names of everything imported that is not a type.
pub(crate) fn imports(engine: &Engine, component: &Component) -> Vec<String> {
    component
        .component_type()
        .imports(engine)
        .flat_map(|(name, import)| {
            let ComponentItem::ComponentInstance(instance) = import.ty else {
                return if is_type(&import.ty) { Vec::new() } else { vec![name.to_owned()] };
            };
            instance
                .exports(engine)
                .filter(|(_, export)| !is_type(&export.ty))
                .map(|(export, _)| format!("{name}#{export}"))
                .collect()
        })
        .collect()
}

const fn is_type(item: &ComponentItem) -> bool {
    matches!(item, ComponentItem::Type(_))
}
