//! What the public pages show: one struct per page, made of plain texts, addresses and pictures.
//!
//! A page struct is the context of its template and holds nothing that a template would have to compute.
//! The handlers in `web::public` fill them; nothing here reads a store or a clock.

pub mod alert;
pub mod contact;
pub mod error;
pub mod event;
pub mod home;
pub mod photo;
pub mod picture;
pub mod placeholder;
pub mod release;
#[cfg(test)]
mod samples;
pub mod search;
pub mod shell;
pub mod standing;

pub use contact::{ContactCard, ContactPage, ContactsPage, PhoneView};
pub use error::{FailurePage, NotFoundPage, WithdrawnPage};
pub use event::{EventView, EventsPage};
pub use home::HomePage;
pub use photo::{AlbumPage, AlbumTeaser, GalleryPage, PhotoPage, PhotoTile};
pub use picture::Picture;
pub use release::{ArchivePage, ReleasePage, ReleaseTeaser};
pub use search::SearchPage;
pub use shell::{Link, Pager, Section, Shell};
pub use standing::StandingPageView;
