//! The bench runs. How fast is never judged here.

use std::process::Command;

#[test]
fn a_quick_run_prints_a_line_for_each_measure() {
    let output = Command::new(env!("CARGO_BIN_EXE_parvis-bench")).arg("--quick").output().unwrap();
    let (table, progress) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{progress}");
    for letter in ["a", "b", "c", "d", "e", "f"] {
        assert!(table.lines().any(|line| line.starts_with(&format!("{letter}  "))), "no measure {letter}:\n{table}");
    }
}
