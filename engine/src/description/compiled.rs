//! What is done with names when the program is compiled.

/// Whether a name is these parts one after the other.
pub(crate) const fn is_made_of(name: &str, parts: &[&str]) -> bool {
    let name = name.as_bytes();
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let bytes = parts[part].as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            if at >= name.len() || name[at] != bytes[i] {
                return false;
            }
            (at, i) = (at + 1, i + 1);
        }
        part += 1;
    }
    at == name.len()
}

/// A sentence with names in it, for errors of compilation, which take nothing but one ready text.
pub(crate) struct Sentence {
    bytes: [u8; 256],
    len: usize,
}

impl Sentence {
    pub const fn of(parts: &[&str]) -> Sentence {
        Sentence { bytes: [0; 256], len: 0 }.and(parts)
    }
    /// The same with these parts at its end, as far as there is room.
    pub const fn and(mut self, parts: &[&str]) -> Sentence {
        let mut part = 0;
        while part < parts.len() {
            let bytes = parts[part].as_bytes();
            let mut i = 0;
            while i < bytes.len() && self.len < self.bytes.len() {
                self.bytes[self.len] = bytes[i];
                (self.len, i) = (self.len + 1, i + 1);
            }
            part += 1;
        }
        self
    }
    pub const fn panic(&self) -> ! {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("a name in the program is not declared"),
        }
    }
}
