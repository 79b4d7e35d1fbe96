//! The compiling child process alone, for the host's own tests; the product runs the same by a hidden subcommand.

fn main() -> Result<(), parvis_host::CompileChildError> {
    parvis_host::compile_child_main(std::io::stdin().lock(), std::io::stdout().lock())
}
