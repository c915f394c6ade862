//! The floor: for each leg a socket, epoll, one `recvfrom` and one `sendto` for each packet.

use std::{
    io::{BufRead, BufReader},
    net::{SocketAddr, UdpSocket},
    os::fd::AsFd,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

use crate::server::Running;

/// Starts a bare relay between peers and returns its ports, those of one call together.
pub fn start(calls: usize, media: (u16, u16)) -> Result<(Running, Vec<u16>)> {
    let mut child = Command::new("taskset")
        .args(["-c", "0"])
        .arg(std::env::current_exe()?)
        .args(["bare-relay", &calls.to_string(), &media.0.to_string(), &media.1.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("stdout")?).read_line(&mut line)?;
    let running = Running(child);
    Ok((running, line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?))
}

/// Relays for ever. The peer of every first socket is at `a`, that of every second at `b`.
pub fn serve(calls: usize, a: u16, b: u16) -> Result<()> {
    let sockets: Vec<UdpSocket> = (0..calls * 2).map(|_| UdpSocket::bind("127.0.0.1:0")).collect::<Result<_, _>>()?;
    let epoll = Epoll::new(EpollCreateFlags::empty())?;
    let mut ports = Vec::new();
    for (at, socket) in sockets.iter().enumerate() {
        socket.set_nonblocking(true)?;
        epoll.add(socket.as_fd(), EpollEvent::new(EpollFlags::EPOLLIN, at as u64))?;
        ports.push(socket.local_addr()?.port().to_string());
    }
    println!("{}", ports.join(" "));
    let peers = [a, b].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
    let (mut ready, mut buffer) = (vec![EpollEvent::empty(); 1_024], [0; 2_048]);
    loop {
        let count = epoll.wait(&mut ready, EpollTimeout::NONE)?;
        for event in ready.get(..count).unwrap_or_default() {
            let other = event.data() as usize ^ 1;
            let (Some(from), Some(to)) = (sockets.get(other ^ 1), sockets.get(other)) else { continue };
            if let (Ok((length, _)), Some(peer)) = (from.recv_from(&mut buffer), peers.get(other % 2)) {
                let _ = to.send_to(buffer.get(..length).unwrap_or_default(), peer);
            }
        }
    }
}
