//! Calls whose switch is the test.

use std::sync::{Arc, Mutex, OnceLock, atomic::AtomicBool};

use clap::Parser;
use cordboard_switch::Input;
use mio::{Poll, Token, Waker};

use super::{Calls, MediaThread, connections::Connections, queue, sound};
use crate::{settings::Settings, voice::Voice, way_out::testing as way_out};

#[derive(Parser)]
struct Only {
    #[command(flatten)]
    settings: Settings,
}

pub struct Alone {
    pub calls: Arc<Calls>,
    waiting: queue::Waiting,
    _poll: Poll,
}

impl Alone {
    pub fn new() -> Self {
        let poll = Poll::new().unwrap();
        let (queue, waiting) = queue::queue(Waker::new(poll.registry(), Token(0)).unwrap());
        let address = "127.0.0.1:5060".parse().unwrap();
        let media = cordboard_media::Config { address: "127.0.0.1".parse().unwrap(), ports: 16_384..=16_387, identity: None };
        let way_out = way_out::way_out(&[], way_out::local);
        let settings = Only::try_parse_from(["serve"]).unwrap().settings;
        let calls = Calls {
            media: MediaThread::start(media, [1; 32], "127.0.0.1".parse().unwrap(), queue.clone()).unwrap(),
            queue,
            connections: Connections::default(),
            sounds: sound::Sounds::new(Voice::open(&settings, way_out.clone()).unwrap()),
            way_out,
            sessions: OnceLock::new(),
            runtime: tokio::runtime::Handle::current(),
            trunk_host: None,
            address,
            stopping: AtomicBool::new(false),
            thread: Mutex::new(None),
        };
        Self { calls: Arc::new(calls), waiting, _poll: poll }
    }

    /// What the switch is told next, if there is anything.
    pub fn heard(&self) -> Option<Input> {
        self.waiting.next().ok()
    }
}
