//! What can go wrong with a channel, as a stable code and a sentence. TypeScript makes the classes.

use epics_ca_rs::CaError;
use epics_pva_rs::PvaError;

/// The codes of `src/devices/epics/errors.ts`, in the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Code {
    NotConnected = 0,
    Timeout = 1,
    WriteAccess = 2,
    PutOutcomeUnknown = 3,
    Type = 4,
    Request = 5,
    Closed = 6,
    ReadAccess = 7,
    OtherConnection = 8,
}

#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) message: String,
}

pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn lost() -> Self {
        Self::new(Code::NotConnected, "lost its connection")
    }

    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::new(Code::Request, message)
    }

    pub(crate) fn type_of(message: impl Into<String>) -> Self {
        Self::new(Code::Type, message)
    }

    /// The same failure of a put that was already sent: its outcome is unknown when the connection went away.
    pub(crate) fn after_send(self) -> Self {
        match self.code {
            Code::NotConnected | Code::Timeout | Code::Closed => Self::new(Code::PutOutcomeUnknown, self.message),
            _ => self,
        }
    }
}

const ECA_NORDACCESS: u32 = 368;
const ECA_NOWTACCESS: u32 = 376;

impl From<CaError> for Failure {
    fn from(error: CaError) -> Self {
        match error {
            CaError::Timeout => Self::new(Code::Timeout, "gave no answer"),
            CaError::Disconnected | CaError::ChannelNotFound(_) => Self::lost(),
            CaError::Shutdown => Self::new(Code::Closed, "is closed with its context"),
            CaError::WriteFailed(ECA_NOWTACCESS) => Self::new(Code::WriteAccess, "denies write access to this client"),
            CaError::WriteFailed(ECA_NORDACCESS) => Self::new(Code::ReadAccess, "denies read access to this client"),
            CaError::Protocol(text) if text.starts_with("read denied") => {
                Self::new(Code::ReadAccess, "denies read access to this client")
            }
            CaError::Protocol(text) if text.starts_with("write denied") => {
                Self::new(Code::WriteAccess, "denies write access to this client")
            }
            other => Self::request(format!("answered: {other}")),
        }
    }
}

impl From<PvaError> for Failure {
    fn from(error: PvaError) -> Self {
        match error {
            PvaError::Timeout => Self::new(Code::Timeout, "gave no answer"),
            PvaError::Disconnected | PvaError::ConnectionRefused | PvaError::Io(_) => Self::lost(),
            PvaError::RemoteError(status) => {
                let text = status.message().unwrap_or("the server refused the request").to_string();
                let lower = text.to_ascii_lowercase();
                if lower.contains("put not permitted")
                    || lower.contains("not permitted to put")
                    || lower.contains("write access")
                {
                    Self::new(Code::WriteAccess, format!("denies write access to this client: {text}"))
                } else {
                    Self::request(format!("answered: {text}"))
                }
            }
            other => Self::request(format!("failed: {other}")),
        }
    }
}
