//! The program over real HTTP, and the invariants of the house.

mod accounts;
mod agents;
mod bad_days;
mod decisions;
mod demo;
mod deployment;
mod desk;
mod files;
mod filing;
mod invariants;
mod line;
mod mails;
mod pdf;
mod pieces;
mod resumption;
mod routes;
mod serving;
mod signing;
mod smtp;
mod tariffs;
mod tracking;
