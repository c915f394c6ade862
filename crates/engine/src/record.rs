//! A session's inputs as they were, to be played again.

use serde::{Deserialize, Serialize};

use crate::{
    io::{Input, Profile},
    now::Now,
};

/// Everything that decided what a session did: its profile, with what authors see of chance, and each input with its moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recording {
    pub profile: Profile,
    pub frames: Vec<Frame>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    pub now: Now,
    pub input: Input,
}
