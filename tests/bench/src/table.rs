//! The table that the bench prints, and what it says while it works.

use std::{
    io::{self, Write},
    time::Duration,
};

use anyhow::Result;

use crate::timing::{per_second, shown};

/// One line of the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    name: String,
    measure: String,
    baseline: String,
    aim: String,
    verdict: &'static str,
}

impl Line {
    /// What was measured, in words and in figures.
    pub(crate) fn new(name: impl Into<String>, measure: impl Into<String>) -> Self {
        Self { name: name.into(), measure: measure.into(), ..Self::default() }
    }

    /// A measure that could not be made.
    pub(crate) fn failed(why: String) -> Self {
        Self { aim: why, verdict: "à revoir", ..Self::new("failed", "") }
    }

    /// The baseline, its figures, without aim.
    pub(crate) fn beside(mut self, baseline: impl Into<String>) -> Self {
        self.baseline = baseline.into();
        self
    }

    /// The baseline and how the measure compares to it: one is as good, above one is better.
    pub(crate) fn against(mut self, baseline: impl Into<String>, ratio: f64, aim: f64) -> Self {
        self.baseline = baseline.into();
        self.aim = format!("ratio {ratio:.2} (aim ≥ {aim})");
        self.judged(ratio >= aim)
    }

    /// The baseline and a ratio that nothing aims at.
    pub(crate) fn compared(mut self, baseline: impl Into<String>, ratio: f64) -> Self {
        self.baseline = baseline.into();
        self.aim = format!("ratio {ratio:.2}");
        self
    }

    /// What is aimed at, and whether it is reached.
    pub(crate) fn aimed(mut self, aim: impl Into<String>, reached: bool) -> Self {
        self.aim = aim.into();
        self.judged(reached)
    }

    /// A duration that should stay below another.
    pub(crate) fn within(self, measured: Duration, aim: Duration) -> Self {
        self.aimed(format!("aim ≤ {}", shown(aim)), measured <= aim)
    }

    const fn judged(mut self, reached: bool) -> Self {
        self.verdict = if reached { "ok" } else { "à revoir" };
        self
    }

    fn cells(&self) -> [&str; 4] {
        [&self.name, &self.measure, &self.baseline, &self.aim]
    }
}

/// The table, with what it was measured on.
#[derive(Debug)]
pub(crate) struct Table {
    facts: Vec<String>,
    lines: Vec<(String, Line)>,
}

impl Table {
    pub(crate) const fn new(facts: Vec<String>) -> Self {
        Self { facts, lines: Vec::new() }
    }

    /// Adds the lines of a measure.
    pub(crate) fn extend(&mut self, letter: &str, lines: Vec<Line>) {
        self.lines.extend(lines.into_iter().map(|line| (letter.to_owned(), line)));
    }

    pub(crate) fn print(&self) -> Result<()> {
        let header = ["measure", "product", "baseline", "ratio or aim"];
        let mut widths = header.map(width);
        for (_, line) in &self.lines {
            for (widest, cell) in widths.iter_mut().zip(line.cells()) {
                *widest = (*widest).max(width(cell));
            }
        }
        let mut out = io::stdout().lock();
        for fact in &self.facts {
            writeln!(out, "{fact}")?;
        }
        writeln!(out, "\n   {}", row(&widths, header))?;
        for (letter, line) in &self.lines {
            writeln!(out, "{letter}  {}  {}", row(&widths, line.cells()), line.verdict)?;
        }
        Ok(())
    }
}

fn row(widths: &[usize; 4], cells: [&str; 4]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, widest)| {
        let blank = " ".repeat(widest.saturating_sub(width(cell)));
        format!("{cell}{blank}")
    });
    padded.collect::<Vec<_>>().join("  ")
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

/// Median, 95th percentile and rhythm, in one cell.
pub(crate) fn spread(samples: &crate::timing::Samples) -> String {
    let rate = per_second(samples.len(), samples.total());
    format!("{} p95 {} ({rate:.0}/s)", shown(samples.median()), shown(samples.p95()))
}

/// Says what the bench is doing, apart from its figures.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text} …");
}

/// Says why there are no figures.
pub(crate) fn complain(error: &anyhow::Error) {
    let _ = writeln!(io::stderr().lock(), "error: {error:#}");
}
