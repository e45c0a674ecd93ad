//! The index as the rest of the program sees it: one writer, many readers.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, MergePolicy as _};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyError, Term};

use super::analysis::Analysis;
use super::recovery::{self, CommitNote};
use super::room::{Room, Waiting};
use super::schema::{Fields, format_name, schema, settings};
use super::snapshot::Snapshot;
use super::{Document, SearchError};
use crate::domain::Id;

/// Memory the writer may fill with new documents before it writes them out; bytes. It is given back when the writer
/// rests. A third of it makes a rebuild a quarter slower and the index a sixth larger, for every small segment has
/// dictionaries of its own; more than twice gains a twentieth.
const WRITER_BYTES: usize = 120_000_000;
/// Blocks of stored text kept unpacked per segment; 16 kB each.
const CACHED_BLOCKS: usize = 4;

/// The search index; clones share it.
#[derive(Clone)]
pub struct Index(Arc<Inner>);

struct Inner {
    /// Where it lives; nowhere for one in memory.
    dir: Option<PathBuf>,
    fields: Fields,
    live: RwLock<Arc<Live>>,
}

/// What answers searches. Another may take its place while searches go on.
struct Live {
    index: tantivy::Index,
    reader: IndexReader,
    snapshot: RwLock<Arc<Snapshot>>,
    writer: Mutex<Writer>,
    room: Room,
    sequence: AtomicI64,
}

/// The one writer, made when first needed: a process that only searches never holds its lock.
#[derive(Default)]
struct Writer {
    open: Option<IndexWriter<Waiting>>,
    /// Uncommitted changes went down with a failed writer.
    lost: bool,
    /// Another index has taken the place of this one.
    replaced: bool,
}

impl Index {
    /// Opens or creates the index in `dir`. A damaged, foreign or outdated one is moved to `dir` with
    /// `.set-aside` appended, and an empty one is made whose [`sequence`](Self::sequence) is 0.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        let (index, sequence) = recovery::open_or_replace(dir, &schema)?;
        Self::new(Some(dir), fields, Live::new(index, sequence)?)
    }

    /// An empty index that lives in memory, for tests and tools.
    pub fn in_memory() -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        Self::new(
            None,
            fields,
            Live::new(tantivy::IndexBuilder::new().schema(schema).settings(settings()).create_in_ram()?, 0)?,
        )
    }

    fn new(dir: Option<&Path>, fields: Fields, live: Live) -> Result<Self, SearchError> {
        Ok(Self(Arc::new(Inner { dir: dir.map(Path::to_owned), fields, live: RwLock::new(Arc::new(live)) })))
    }

    /// An empty index beside this one, to be filled while this one answers.
    pub fn beside(&self) -> Result<Self, SearchError> {
        let Some(dir) = &self.0.dir else { return Self::in_memory() };
        let next = recovery::beside(dir, "next");
        if next.exists() {
            std::fs::remove_dir_all(&next)?;
        }
        Self::open(&next)
    }

    /// Lets an index made [`beside`](Self::beside) this one take its place, at once for all searches that begin after
    /// this returns; those that run end on the old one.
    pub fn take_over(&self, next: Self) -> Result<(), SearchError> {
        let old = self.live();
        let mut closed = old.lock_writer();
        closed.open = None;
        next.live().lock_writer().open = None;
        let live = match (&self.0.dir, &next.0.dir) {
            (Some(dir), Some(built)) => {
                recovery::exchange(built, dir)?;
                let (schema, _) = schema();
                let (index, sequence) = recovery::open_or_replace(dir, &schema)?;
                let live = Arc::new(Live::new(index, sequence)?);
                // Searches that run keep the files open.
                std::fs::remove_dir_all(built)?;
                live
            }
            _ => next.live(),
        };
        *self.0.live.write().unwrap_or_else(PoisonError::into_inner) = live;
        closed.replaced = true;
        Ok(())
    }

    fn live(&self) -> Arc<Live> {
        Arc::clone(&self.0.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The last change-log sequence that is committed; 0 for an empty index.
    pub fn sequence(&self) -> i64 {
        self.live().sequence.load(Ordering::Acquire)
    }

    /// Adds a document or replaces the one with its id. Searches see it after [`commit`](Self::commit). Waits while too
    /// much has not been written yet.
    pub fn put(&self, document: &Document) -> Result<(), SearchError> {
        let prepared = self.0.fields.document(document);
        let id = self.id_term(document.id);
        let live = self.live();
        let prepared = live.room.admit(prepared, document.text_bytes());
        live.write(|writer| {
            writer.delete_term(id);
            writer.add_document(prepared).map(|_| ())
        })
    }

    /// Takes a document out. Searches see it until [`commit`](Self::commit).
    pub fn remove(&self, id: Id) -> Result<(), SearchError> {
        let id = self.id_term(id);
        self.live().write(|writer| {
            writer.delete_term(id);
            Ok(())
        })
    }

    /// Makes all changes durable and visible to searches that begin after this returns. `sequence` is the last
    /// change-log entry they come from. Fails with [`SearchError::Lost`] if a change since the last commit could
    /// not be written; then feed again from [`sequence`](Self::sequence) on.
    pub fn commit(&self, sequence: i64) -> Result<(), SearchError> {
        let note = note(sequence)?;
        let live = self.live();
        live.write(|writer| {
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&note);
            commit.commit().map(|_| ())
        })?;
        live.look_again()?;
        live.sequence.store(sequence, Ordering::Release);
        Ok(())
    }

    /// Gives back the writer's memory until the next change, and lets searches see segments that were merged since the
    /// last one; not yet while segments are being merged, for that would be lost and begin anew. Says whether it rests.
    /// To be called when all is committed: what is not goes down with the writer.
    pub fn rest(&self) -> Result<bool, SearchError> {
        let live = self.live();
        let mut writer = live.lock_writer();
        let Some(open) = &writer.open else { return Ok(true) };
        let segments = live.index.searchable_segment_metas()?;
        if !merge_policy().compute_merge_candidates(&segments).is_empty() {
            return Ok(false);
        }
        live.look_again()?;
        // Until now the files of merged segments were in use.
        open.garbage_collect_files().wait()?;
        writer.open = None;
        Ok(true)
    }

    /// Empties the index at once; its sequence is 0 then.
    pub fn clear(&self) -> Result<(), SearchError> {
        self.live().write(|writer| writer.delete_all_documents().map(|_| ()))?;
        self.commit(0)
    }

    pub fn document_count(&self) -> u64 {
        self.snapshot().num_docs()
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.live().snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.0.fields
    }

    fn id_term(&self, id: Id) -> Term {
        Term::from_field_text(self.0.fields.id, &id.to_string())
    }
}

impl Live {
    fn new(index: tantivy::Index, sequence: i64) -> Result<Self, SearchError> {
        Analysis::register_all(index.tokenizers());
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(CACHED_BLOCKS)
            .try_into()?;
        let snapshot = RwLock::new(Arc::new(Snapshot::new(reader.searcher(), None)?));
        Ok(Self {
            index,
            reader,
            snapshot,
            writer: Mutex::default(),
            room: Room::default(),
            sequence: AtomicI64::new(sequence),
        })
    }

    /// Lets searches that begin from now on see what was committed.
    fn look_again(&self) -> tantivy::Result<()> {
        self.reader.reload()?;
        let mut snapshot = self.snapshot.write().unwrap_or_else(PoisonError::into_inner);
        *snapshot = Arc::new(Snapshot::new(self.reader.searcher(), Some(&snapshot))?);
        Ok(())
    }

    /// Runs one change on the writer. A writer that failed is dropped with what it had not committed, and the
    /// next commit says so.
    fn write(
        &self,
        change: impl FnOnce(&mut IndexWriter<Waiting>) -> tantivy::Result<()>,
    ) -> Result<(), SearchError> {
        let mut writer = self.lock_writer();
        if writer.replaced || std::mem::take(&mut writer.lost) {
            return Err(SearchError::Lost);
        }
        let open = match &mut writer.open {
            Some(open) => open,
            closed => closed.insert(self.open_writer()?),
        };
        let result = change(open);
        if result.is_err() {
            writer.open = None;
            writer.lost = true;
        }
        Ok(result?)
    }

    fn lock_writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_writer(&self) -> Result<IndexWriter<Waiting>, SearchError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(WRITER_BYTES)
            .build();
        let writer = self.index.writer_with_options(options).map_err(|error| match error {
            TantivyError::LockFailure(..) => SearchError::Busy,
            other => SearchError::Index(other),
        })?;
        writer.set_merge_policy(Box::new(merge_policy()));
        Ok(writer)
    }
}

/// When segments become one. Few large ones are quicker to search than many, for every search opens its lists in each:
/// four of about one size are merged, whatever is less than a thousand documents counting as one size, and such as have
/// lost a third of their documents are written anew.
fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(4);
    // In powers of two.
    policy.set_level_log_size(2.0);
    policy.set_min_layer_size(250);
    policy.set_del_docs_ratio_before_merge(0.33);
    policy
}

fn note(sequence: i64) -> Result<String, SearchError> {
    serde_json::to_string(&CommitNote { format: format_name(), sequence })
        .map_err(|error| SearchError::Folder(error.into()))
}
