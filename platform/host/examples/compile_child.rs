//! The compiling child process, alone: what the hidden subcommand of the product runs.

fn main() -> Result<(), parvis_host::CompileChildError> {
    parvis_host::compile_child_main(std::io::stdin().lock(), std::io::stdout().lock())
}
