//! Ending with the process that started this one, however that one ends.

use std::io::Read;
use std::process::exit;
use std::thread;

/// Ends this process when its standard input is closed: a parent that holds the other end of the pipe takes it
/// along even when it is killed.
pub fn end_with_standard_input() {
    thread::spawn(|| {
        let mut ignored = [0; 256];
        loop {
            match std::io::stdin().read(&mut ignored) {
                Ok(0) | Err(_) => exit(0),
                Ok(_) => {}
            }
        }
    });
}
