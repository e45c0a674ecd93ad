//! How much may wait for the writer. Its own queue counts documents, and ten thousand of them may be a gigabyte.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tantivy::TantivyDocument;
use tantivy::schema::Document;

/// Text in the queue; bytes. One document may always wait, however long it is.
const MOST_WAITING_BYTES: usize = 16_000_000;

/// The room there is for documents that wait; clones share it.
#[derive(Clone, Default)]
pub struct Room(Arc<(Mutex<usize>, Condvar)>);

/// A document on its way to the writer, which takes room until it has been written.
pub struct Waiting {
    document: TantivyDocument,
    bytes: usize,
    room: Room,
}

impl Room {
    /// Waits until there is room for the document.
    pub fn admit(&self, document: TantivyDocument, bytes: usize) -> Waiting {
        let (_, freed) = &*self.0;
        let mut used = self.lock();
        while *used > 0 && *used + bytes > MOST_WAITING_BYTES {
            used = freed.wait(used).unwrap_or_else(PoisonError::into_inner);
        }
        *used += bytes;
        drop(used);
        Waiting { document, bytes, room: self.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        *self.room.lock() -= self.bytes;
        self.room.0.1.notify_all();
    }
}

impl Document for Waiting {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.iter_fields_and_values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_room_lets_nobody_in_until_somebody_leaves() {
        let room = Room::default();
        let first = room.admit(TantivyDocument::new(), MOST_WAITING_BYTES + 1);
        let (arrived, arrival) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let waiting = room.admit(TantivyDocument::new(), 1);
            arrived.send(()).unwrap();
            waiting
        });
        assert!(arrival.recv_timeout(std::time::Duration::from_millis(50)).is_err());
        drop(first);
        arrival.recv_timeout(std::time::Duration::from_secs(5)).unwrap();
    }
}
