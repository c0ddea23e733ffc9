//! bsrs: the same plans with soft devices, measured by itself. Reads {"op", "n"} lines, answers with durations in microseconds.
//! Its `count` sends Checkpoint, Create, Read and Save for each event: it neither triggers nor waits.
use std::io::{BufRead, Write};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use bsrs::backends::soft::SoftDetector;
use bsrs::core::msg::ReadableObj;
use bsrs::core::plan::Plan;
use bsrs::engine::RunEngine;
use bsrs::plans::{count, stubs};
use futures::{StreamExt, stream};
use serde_json::{Value, json};

fn counts(n: usize) -> Plan {
    count(vec![SoftDetector::new("det") as Arc<dyn ReadableObj>], n)
}

fn nulls(n: usize) -> Plan {
    stream::iter(0..n).flat_map(|_| stubs::null()).boxed()
}

/// Microseconds for each of `parts` of a plan.
async fn measure(engine: &RunEngine, plan: Plan, parts: usize) -> Result<Vec<f64>, String> {
    let start = Instant::now();
    engine.run_async(plan).await.map_err(|error| error.to_string())?;
    Ok(vec![start.elapsed().as_secs_f64() * 1e6 / parts as f64])
}

async fn runs(engine: &RunEngine, n: usize) -> Result<Vec<f64>, String> {
    let start = Instant::now();
    for _ in 0..n {
        engine.run_async(counts(1)).await.map_err(|error| error.to_string())?;
    }
    Ok(vec![start.elapsed().as_secs_f64() * 1e6 / n as f64])
}

async fn first_documents(engine: &RunEngine, n: usize) -> Result<Vec<f64>, String> {
    let first = Arc::new(Mutex::new(None));
    let seen = first.clone();
    let subscription = engine.subscribe(Arc::new(move |_| {
        seen.lock().unwrap().get_or_insert_with(Instant::now);
    }));
    let mut durations = Vec::new();
    for _ in 0..n {
        *first.lock().unwrap() = None;
        let start = Instant::now();
        engine.run_async(counts(1)).await.map_err(|error| error.to_string())?;
        let at = first.lock().unwrap().ok_or("no document came")?;
        durations.push((at - start).as_secs_f64() * 1e6);
    }
    engine.unsubscribe(subscription);
    Ok(durations)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let engine = RunEngine::new(vec![]);
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let n = request["n"].as_u64().unwrap_or(1) as usize;
        let answer = runtime.block_on(async {
            match request["op"].as_str() {
                Some("count") => measure(&engine, counts(n), n).await,
                Some("null") => measure(&engine, nulls(n), n).await,
                Some("runs") => runs(&engine, n).await,
                Some("first") => first_documents(&engine, n).await,
                other => Err(format!("it knows no {other:?}")),
            }
        });
        let answer = answer.map_or_else(|error| json!({ "error": error }), |us| json!({ "us": us }));
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}
