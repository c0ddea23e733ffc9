//! The floor under every figure: a TCP ping-pong on loopback of as many bytes as the protocol sends and receives.
//! Usage: ping-pong REQUEST_BYTES REPLY_BYTES COUNT; prints one round trip in microseconds a line.
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let sizes: Vec<usize> = std::env::args().skip(1).map(|a| a.parse().expect("a number")).collect();
    let (request, reply, count) = (sizes[0], sizes[1], sizes[2]);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || -> std::io::Result<()> {
        let (mut peer, _) = listener.accept()?;
        peer.set_nodelay(true)?;
        let (mut input, output) = (vec![0u8; request], vec![0u8; reply]);
        while peer.read_exact(&mut input).is_ok() {
            peer.write_all(&output)?;
        }
        Ok(())
    });
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let (output, mut input) = (vec![0u8; request], vec![0u8; reply]);
    for _ in 0..count {
        let start = Instant::now();
        stream.write_all(&output)?;
        stream.read_exact(&mut input)?;
        println!("{:.2}", start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(())
}
