# The desk. Every key must be in every language.

# navigation and frame
desk-nav-overview = Overview
desk-nav-releases = Releases
desk-nav-photos = Photos
desk-nav-contacts = Contacts
desk-nav-albums = Albums
desk-nav-events = Events
desk-nav-topics = Topics
desk-nav-settings = Settings
desk-nav-accounts = Accounts
desk-nav-tokens = API tokens
desk-to-site = To the site
desk-sign-out = Sign out
desk-back = Back
desk-back-to-release = Back to the release
desk-save = Save
desk-save-public = Save (public at once)
desk-see-page = See the public page
desk-preview = Preview
desk-history = History
desk-version-take = Take into the form
desk-version-taken = The form shows version { $version }. It holds only once you save.
desk-version = Version
desk-delete = Delete
desk-delete-sure = This cannot be undone.
desk-delete-now = Delete for good
desk-more = More details
desk-none-yet = Nothing here yet.
desk-releases-none = No releases yet. A new one begins as a draft that only the desk sees.
desk-contacts-none = No contacts yet. They stand beside releases and on a page of their own, where newsrooms call or write to them.
desk-albums-none = No albums yet. An album gathers photos that are offered without a release too, such as logos and portraits.
desk-events-none = No events yet. They stand in the newsroom and can be subscribed to as a calendar.
desk-topics-none = No topics yet. They sort releases, filter them and make a feed of their own.
desk-nothing-found = Nothing found.
desk-unsaved = Your changes are not saved yet.
desk-read-only = You can look at this but not change it: that needs the role editor.

# sign-in and account
desk-sign-in = Sign in
desk-sign-in-wrong = The e-mail or the password is wrong.
desk-session-ended = Your session has ended. Please sign in again.
desk-session-ended-held = Your session has ended. Sign in again; what you wrote is still here.
desk-resume-title = You are signed in again
desk-resume-text = Your text was kept and is not saved yet.
desk-resume-send = Save now
desk-account-title = My account
desk-change-password = Change password
desk-field-password = Password
desk-field-password-current = Present password
desk-field-password-new = New password
desk-field-password-repeat = Repeat the new password
desk-hint-password = At least 10 characters. Other sessions of this account will end.
desk-role-author = Author
desk-role-editor = Editor
desk-role-admin = Admin

# confirmations
desk-done-saved = Saved.
desk-done-noted = Saved. The time is noted and does not hold yet: “Set embargo” or “Schedule” makes it hold.
desk-done-moved = Saved. The new time holds.
desk-done-created = Created.
desk-done-deleted = Deleted.
desk-done-published = Published. Everyone can see the release now.
desk-done-scheduled = Scheduled. The release goes online by itself at the given time.
desk-done-embargoed = Under embargo. Until then nothing of it is public.
desk-done-withdrawn = Withdrawn. Its address now tells your reason.
desk-done-recalled = The plan is called off. The release is a draft again.
desk-done-corrected = The public note is now on the release.
desk-done-password = The password is changed.
desk-done-revoked = The token is no longer valid.
desk-done-signed-out = You are signed out.

# failures
desk-failure-title = That did not work
desk-failure-not-found = There is nothing here. It may have been deleted.
desk-failure-forbidden = Your role does not allow this.
desk-failure-cross-site = Forms are taken from this site only. Load the page again and send once more.
desk-failure-contended = Others were saving at the same moment, and this did not get through. Try again.
desk-failure-unavailable = The newsroom's store cannot be reached at the moment. Try again shortly.
desk-failure-full = The disk is full. Nothing of it was kept.
desk-failure-too-large = This is more than a form can carry.
desk-failure-inside = Something inside failed.
desk-held-text = What you wrote is still here.
desk-send-again = Send again
desk-errors-title = Please check these fields
desk-refused-role = Your role does not allow this. Your text is still here.
desk-stale = You worked on version { $expected }, but there is version { $current } now. Load the page again before you go on.
desk-stale-settings = The settings were changed meanwhile (yours are based on version { $expected }, stored is version { $current }). What you typed is still here; saving again replaces the other version.

# two editors
desk-step-not-taken = “{ $button }” did not happen: the release has been changed since. Check the text below, then press again.
desk-conflict-title = Someone was faster
desk-conflict-who = { $who } saved on { $when }. You worked on version { $expected }, stored is version { $current }.
desk-conflict-step = What happened: { $step }.
desk-conflict-taken = Only they changed these fields; their version is in the form already:
desk-conflict-clash = Both of you changed these fields. The form has your version, here is the other one:
desk-conflict-choose = Nothing is overwritten yet. Take what you need, then save.

# mistakes at fields
desk-error-required = This is missing.
desk-error-headline = A release needs a headline.
desk-error-headline-long = A headline has at most 300 characters.
desk-error-body = A release needs a text before it is published.
desk-error-body-long = A text has at most 1,000,000 bytes.
desk-error-reason = Say why: the reason is shown in public at the release's address.
desk-error-note = Say what was changed: the note is public.
desk-error-name = The name is missing.
desk-error-title = The title is missing.
desk-error-starts-at = Say when the event begins.
desk-error-time = Give a date and a time.
desk-error-time-invalid = This is not a time such as 2026-11-30T10:00.
desk-error-time-skipped = This time does not exist on that day: the clocks go forward.
desk-error-time-repeated = This time happens twice on that day: the clocks go back. Choose one that is clear.
desk-error-time-past = This moment has passed already.
desk-error-date = This is not a date such as 2026-11-30.
desk-error-before-start = The event ends before it begins.
desk-error-zone = This is not an IANA time zone such as Europe/Berlin.
desk-error-email = This is not an e-mail address.
desk-error-last-admin = This is the last administrator's account; without it nobody could add accounts.
desk-error-email-taken = There is an account for this e-mail address already.
desk-error-phone = A phone number has at least three digits.
desk-error-url = The address must begin with https:// or http://.
desk-error-slug = Only a–z, 0–9 and hyphens.
desk-error-topic-slug = A topic's slug stands in releases and cannot change.
desk-error-taken = Another record has this already.
desk-error-range = The value must be between 0 and 100.
desk-error-crop = The area must lie in the picture and must not be empty.
desk-error-not-listed = The default language must be one of the languages.
desk-error-colour = This is not a colour such as #0b5a6f.
desk-error-reference = Something that is referred to no longer exists.
desk-error-password-short = A password has at least 10 characters.
desk-error-password-wrong = The present password is wrong.
desk-error-passwords-differ = The two new passwords differ.
desk-error-in-use = It is still in use, so it cannot be deleted.
desk-error-was-public = A release that was public is withdrawn, not deleted.
desk-error-already-published = The release is public already.
desk-error-plan-stands = The release waits for its time. If it shall appear at once all the same, lift that time here.
desk-error-embargo-not-set = This embargo is not set yet. Press “Set embargo”, or put the field back.
desk-error-schedule-not-set = This time is not scheduled yet. Press “Schedule”, or put the field back.
desk-error-plan-needed = A planned publication needs a time that lies ahead.
desk-error-not-published = What is not published cannot be withdrawn.
desk-error-empty-file = The file is empty.
desk-error-file-type = This kind of file is not taken.
desk-error-too-large = A file may have at most { $size }.
desk-error-upload-broken = The transfer was cut off.

# overview
desk-overview-title = Overview
desk-begin = How to begin
desk-begin-name = Say whose newsroom this is
desk-begin-contact = Add the first press contact
desk-begin-imprint = Write the imprint and the privacy page
desk-due = What is due
desk-due-none = No embargo and no planned publication.
desk-failed = Failed
desk-drafts = Drafts
desk-drafts-none = No drafts.
desk-published = Recently published
desk-published-none = Nothing published yet.

# states and steps of a release
desk-releases-title = Releases
desk-releases-new = New release
desk-search-releases = Search headlines
desk-state-all = All
desk-state-draft = Draft
desk-state-scheduled = Scheduled
desk-state-embargoed = Embargoed
desk-state-published = Published
desk-state-withdrawn = Withdrawn
desk-steps = Publication
desk-save-first = Save the draft; then you can publish, schedule or set an embargo.
desk-needs-editor = Publishing needs the role editor.
desk-publish-now = Publish now
desk-lift-embargo = Lift the embargo and publish at once
desk-lift-schedule = Call the schedule off and publish at once
desk-lift-sure = This button does not wait for it: everybody can see the release at once.
desk-noted-embargo = Embargo noted, not set yet: { $until }
desk-noted-schedule = Publication noted, not scheduled yet: { $until }
desk-hint-noted = Noted with the draft. The embargo holds once an editor sets it.
desk-embargo = Set an embargo
desk-embargo-set = Set embargo
desk-hint-embargo = The release is finished but stays hidden with all its photos until the time has come.
desk-schedule = Publish at a time
desk-schedule-set = Schedule
desk-recall = Call the plan off
desk-withdraw = Withdraw
desk-withdraw-now = Withdraw now
desk-withdrawn-unsaved = The release is withdrawn. Your changes to the text are still here and not saved.
desk-correct = Correction or update
desk-correct-add = Save the text and publish the note
desk-correction = Correction
desk-update = Update
desk-translations = Other languages
desk-translate-into = Translate: { $language }
desk-translation-none = Not a translation
desk-boilerplate-none = None
desk-boilerplate-own = A text of its own
desk-draft-found = This browser has an unsaved state of this form.
desk-draft-restore = Restore
desk-draft-forget = Discard
desk-chars = characters
desk-md-bold = Bold
desk-md-italic = Italic
desk-md-heading = Heading
desk-md-list = List
desk-md-quote = Quote
desk-md-link = Link

# fields
desk-field-headline = Headline
desk-field-sub-headlines = Sub-headlines
desk-hint-sub-headlines = One per line.
desk-field-place = Place
desk-field-date = Date
desk-field-body = Text
desk-hint-body = Separate paragraphs by an empty line. ## heading, - list, > quote with a last line > – Name, position
desk-field-boilerplate = About the organisation
desk-field-boilerplate-own = A text of its own about the organisation
desk-field-topics = Topics
desk-field-contacts = Contacts
desk-field-photos = Photos
desk-field-related = Related releases
desk-field-translation-of = Translation of
desk-field-language = Language
desk-field-slug = Address (slug)
desk-hint-slug = The former address keeps leading here.
desk-field-aliases = Former addresses
desk-hint-aliases = Slugs or old paths, one per line.
desk-field-publish-at = Publish at
desk-field-embargo-until = Embargo until
desk-hint-zone = Local time in { $zone }
desk-field-published-at = Published at
desk-field-state = State
desk-field-reason = Reason
desk-hint-reason = Shown in public at the release's address.
desk-field-correction-kind = Type
desk-field-note = Note
desk-hint-note = Shown in public on the release, with its date.
desk-field-corrections = Public notes
desk-field-title = Title
desk-field-text = Text
desk-field-key = Key
desk-field-caption = Caption
desk-hint-caption = Who, what, when, where: ready to be printed.
desk-field-alt-text = Alternative text
desk-hint-alt-text = What is seen, for people who cannot see it.
desk-field-credit = Credit
desk-hint-credit = As it shall stand beside the picture.
desk-field-creator = Creator
desk-field-copyright = Copyright notice
desk-field-usage-terms = Usage terms
desk-field-rights-url = Address of the terms
desk-field-source-type = How it was made
desk-field-data-mining = Use by machines
desk-hint-data-mining = Stands in every file as plus:DataMining
desk-term-none = not said
desk-source-capture = taken with a camera
desk-source-edited = taken and edited
desk-source-drawn = drawn on a computer
desk-source-composite = with parts made by AI
desk-source-generated = made by AI
desk-mining-allowed = allowed
desk-mining-search = allowed for search engines only
desk-mining-no-generation = not for generative AI
desk-mining-no-training = not for training AI
desk-mining-prohibited = prohibited
desk-field-rights-until = Rights until
desk-hint-rights-until = After this day the photo is no longer public.
desk-field-persons = Persons shown
desk-field-keywords = Keywords
desk-hint-list = Separated by commas.
desk-field-location = Location
desk-field-date-created = Date created
desk-hint-date-created = 2026, 2026-11-03 or with a time.
desk-field-focal-point = Centre for crops
desk-hint-focal-point = In percent from the left and from the top, or click into the picture.
desk-focus-x = From the left (%)
desk-focus-y = From the top (%)
desk-field-crops = Crops
desk-crop-social = Crop for social networks ({ $size })
desk-crop-follows = Follows the centre
desk-crop-own = Chosen here
desk-crop-width = Width (%)
desk-crop-height = Height (%)
desk-hint-crop = In percent of the picture, or drag the frame in the picture. It always has the shape of the crop and never fewer pixels, so that nothing is blurred.
desk-field-kind = Type
desk-field-name = Name
desk-field-role = Position
desk-field-organisation = Organisation
desk-field-email = E-mail
desk-field-phones = Phone
desk-phone-type = Type of number
desk-phone-number = Number
desk-phone-work = Office
desk-phone-mobile = Mobile
desk-phone-fax = Fax
desk-field-languages = Languages
desk-field-portrait = Portrait
desk-field-order = Order
desk-field-description = Description
desk-field-starts-at = Begins
desk-field-ends-at = Ends
desk-field-venue = Venue
desk-field-address = Address
desk-field-website = Website
desk-field-status = Status
desk-field-releases = Releases
desk-field-account-role = Role
desk-event-confirmed = Confirmed
desk-event-tentative = Tentative
desk-event-postponed = Postponed
desk-event-cancelled = Cancelled

# photos
desk-photos-title = Photos and files
desk-upload-title = Upload files
desk-upload-link = Upload photos
desk-upload-send = Upload
desk-upload-into = Uploaded files are put into the release “{ $headline }”.
desk-hint-files = JPEG, PNG, WebP, TIFF, AVIF, JPEG XL, GIF, SVG, PDF, video and sound; up to { $size } per file. Descriptions inside the files are taken over.
desk-choose-file = Choose a file
desk-choose-files = Choose files
desk-drop-here = or drop them here
desk-upload-done = Arrived
desk-upload-failed = Not taken
desk-upload-twin = Arrived; the library has the same file already
desk-upload-again = Try again
desk-upload-signed-out = The session has ended. Sign in in another window and try again.
desk-upload-there = This file is in the library already and was not uploaded again:
desk-upload-anyway = Upload anyway
desk-upload-checking = Comparing …
desk-upload-waiting = The connection is lost. The upload goes on by itself as soon as it is back.
desk-upload-lost = There is no connection. What has arrived is kept.
desk-upload-unreadable = The file cannot be read. Was it moved or changed?
desk-upload-cancel = Do not upload
desk-upload-folder = Choose a folder
desk-upload-all = All files
desk-upload-total = { $done } of { $all } have arrived.
desk-upload-resume = If it breaks off, drop the same files here again: they go on where they stopped.
desk-error-too-many-uploads = Very many uploads are under way. Try again in a few minutes.
desk-error-damaged-upload = The file did not arrive unharmed. Try again.
desk-not-taken = Not taken
desk-twins = The library had these files already:
desk-search-photos = Search photos
desk-kind-all = All types
desk-kind-photo = Photo
desk-kind-logo = Logo
desk-kind-graphic = Graphic
desk-kind-document = Document
desk-kind-video = Video
desk-kind-audio = Audio
desk-photo-processing = Being prepared
desk-photo-ready = Ready
desk-photo-failed-short = Failed
desk-photo-failed = The file could not be prepared.
desk-photo-error-truncated = The file ends too early, as after a transfer that was cut off. Upload it again.
desk-photo-error-damaged = The file is damaged and cannot be read.
desk-photo-error-mislabelled = The file's content is not what it claims to be.
desk-photo-error-format = This kind of picture cannot be prepared.
desk-photo-error-too-large = The picture has more pixels than are processed.
desk-photo-error-machine = Something failed while it was prepared. The original is safe.
desk-photo-private = Not public: no published release shows this photo yet.
desk-photo-public = Public.
desk-photo-public-from = Public from { $when }.
desk-photo-rights-ended = No longer public: the rights have ended.
desk-lacks = Missing:
desk-fact-file = File
desk-fact-size = Size
desk-fact-pixels = Pixels
desk-table-tools = Edit the texts in a table
desk-table-hint = Download the texts of the filtered files as a table, edit them in Excel, LibreOffice or Numbers, and read the table back in. Before anything changes you see what would change. Please leave the column “ID” as it is.
desk-table-export-xlsx = Download the table (Excel)
desk-table-export = Download the table (CSV)
desk-table-file = Edited table
desk-table-read = Compare
desk-table-title = What the table would change
desk-table-summary = { $changed ->
    [0] No picture would change
    [one] One picture would change
   *[other] { $changed } pictures would change
}; { $same ->
    [one] one stays as it is.
   *[other] { $same } stay as they are.
}
desk-table-apply = Apply the changes
desk-table-cancel = Change nothing
desk-table-problems = These lines are not applied
desk-table-line = Line { $line }: { $text }
desk-table-other-kind = This is neither an Excel table (.xlsx) nor a CSV file. Save the table in one of these two formats.
desk-table-old = This is a table in the format of Excel up to 2003. Save it as “Excel workbook (.xlsx)”.
desk-table-encrypted = The table is protected by a password. Remove the protection in Excel and save it again.
desk-table-damaged = The table is damaged or incomplete and cannot be read.
desk-table-too-large = The table is too large when it is unpacked. Remove pictures and other sheets.
desk-table-cell-long = A text is longer than a cell in Excel can be (32,767 characters). Download the table as CSV.
desk-table-formula = The column “{ $column }” has the error of a formula: { $text }. A text that begins with = needs an apostrophe before it in Excel.
desk-table-unreadable = The line cannot be read.
desk-table-twice = A column occurs twice.
desk-table-no-columns = The first line lacks the headings: the column “ID” and at least one column of texts.
desk-table-too-long = The table has too many lines; { $max } are possible at most.
desk-table-no-id = The ID is missing or was changed.
desk-table-row-twice = This picture occurs further up already.
desk-table-unknown = There is no such picture (any more).
desk-replace-title = Replace the file
desk-replace-hint = Address, texts, rights and every place where it is shown stay; what is still missing here is read from the new file. Until it is prepared, everybody gets the present one. Please save texts you have typed above first.
desk-replace-file = New file
desk-replace-now = Replace
desk-replace-failed = The new file was not taken, the present one stays.
desk-fact-new-file = New file
desk-fact-earlier-files = Earlier files
desk-action-replace = File replaced
desk-done-replaced = The new file is here and is being prepared. Until then the present one stays.
desk-done-same-file = This is the same file as before; nothing has changed.
desk-error-other-kind = The new file is of another kind: only a picture can take the place of a picture, only a document that of a document.
desk-fact-uploaded = Uploaded
desk-fact-uses = Used in
desk-fact-no-uses = Nowhere yet.
desk-files = All files
desk-original = Original
desk-edit-captions = Edit captions
desk-sheet-title = Captions
desk-sheet-problems = Some photos were not saved. The reasons stand beside them.
desk-for-all = For all
desk-hint-for-all = Fills all fields that are empty when you save.
desk-picker-empty = No photos yet. The first one leads the release.
desk-place = Place
desk-remove = Remove
desk-move-up = Move up
desk-move-down = Move down
desk-from-library = Choose from the library

# other records
desk-contacts-title = Contacts
desk-contacts-new = New contact
desk-albums-title = Albums
desk-albums-new = New album
desk-events-title = Events
desk-events-new = New event
desk-topics-title = Topics
desk-topics-new = New topic

# history
desk-action-create = Created
desk-action-edit = Edited
desk-action-publish = Published
desk-action-schedule = Scheduled
desk-action-withdraw = Withdrawn
desk-action-correct = Note added
desk-action-delete = Deleted
desk-action-embargo = Put under embargo
desk-action-recall = Plan called off
desk-who-import = Import
desk-who-system = Newsroom (by itself)
desk-action-import = Imported
desk-history-photo-gone = deleted photo
desk-history-contact-gone = deleted contact
desk-history-release-gone = deleted release

# settings, accounts, tokens
desk-settings-title = Settings
desk-settings-identity = Who we are
desk-settings-languages = Languages and time
desk-settings-boilerplates = Boilerplates
desk-settings-pages = Legal and other pages
desk-field-newsroom-name = Name of the newsroom
desk-field-default-terms = Usage terms when a photo names none
desk-field-mining = Text and data mining
desk-mining-allow = Not reserved
desk-mining-reserve = Reserved, training of AI included
desk-hint-mining = Machine-readable (Directive (EU) 2019/790, article 4): in the head of every page, at /.well-known/tdmrep.json and in robots.txt. Search engines stay welcome.
desk-field-logo = Logo
desk-field-logo-dark = Logo for dark backgrounds
desk-hint-logo = Address or slug of a photo that is public, for example in an album of logos. Without one, the first letter stands there.
desk-field-camera-data = Place and camera in the photos
desk-camera-data-remove = Remove position and serial numbers
desk-camera-data-keep = Keep position and serial numbers
desk-hint-camera-data = For the originals that are offered; what was uploaded stays unchanged in the archive. A change writes all photos anew.
desk-field-pins = Shown first in searches
desk-hint-languages = Language tags separated by commas: de, en
desk-field-default-language = Default language
desk-field-zone = Time zone
desk-hint-time-zone = IANA name, Europe/Berlin for example
desk-hint-pins = One per line: words = releases/slug, photos/slug
desk-colour-accent = Accent
desk-hint-colours = The newsroom adapts the colour until text in it can be read.
desk-field-headlines = Headlines
desk-field-running-text = Running text
desk-field-space = Space
desk-field-corners = Corners
desk-style-serif = With serifs
desk-style-sans = Without serifs
desk-style-dense = Dense
desk-style-normal = Normal
desk-style-airy = Airy
desk-style-square = Square
desk-style-soft = Slightly rounded
desk-style-round = Round
desk-look-title = Look
desk-look-show = Preview
desk-look-unsaved = This is how the front page would look. Nothing is saved yet.
desk-look-light-wide = Light, on a computer
desk-look-light-phone = Light, on a phone
desk-look-dark-wide = Dark, on a computer
desk-look-dark-phone = Dark, on a phone
desk-look-too-light = { $asked } has a contrast of { $ratio } : 1 on light ground; text can be read from 4.5 : 1 on. The pages take { $taken } there.
desk-look-too-dark = { $asked } has a contrast of { $ratio } : 1 on dark ground; text can be read from 4.5 : 1 on. The pages take { $taken } there.
desk-look-no-logo = “{ $slug }” is no picture that the public can see; until it is, this logo is missing.
desk-hint-boilerplates = They stand at the end of releases. The same key in two languages is the same text. Without title and text an entry is deleted.
desk-hint-pages = Imprint, privacy and the like. Without title and text a page is deleted.
desk-add-text = New entry
desk-accounts-title = Accounts
desk-accounts-new = Invite somebody
desk-accounts-add = Invite
desk-role-change = Change role
desk-account-remove = Remove
desk-account-remove-sure = Open sessions end at once. What this person did stays in the history.
desk-account-remove-now = Remove account
desk-new-password = Link to a new password
desk-secret-once = This is shown only now.
desk-hint-roles = Author: drafts and photos. Editor: also publishes. Admin: also accounts and settings.
desk-tokens-title = API tokens
desk-tokens-new = New token
desk-tokens-add = Create token
desk-token-for = Token “{ $name }”:
desk-revoke = Revoke
desk-revoked = Revoked

# counted
desk-count-files = { $count ->
    [one] 1 file
   *[other] { $number } files
}
desk-count-processing = { $count ->
    [one] 1 photo is being prepared.
   *[other] { $number } photos are being prepared.
}
desk-count-uploaded = { $count ->
    [one] 1 file has arrived.
   *[other] { $number } files have arrived.
}
desk-sign-in-wait = { $count ->
    [one] Too many tries. Wait a second.
   *[other] Too many tries. Wait { $number } seconds.
}
desk-in-minutes = { $count ->
    [one] in 1 minute
   *[other] in { $number } minutes
}
desk-in-hours = { $count ->
    [one] in 1 hour
   *[other] in { $number } hours
}
desk-in-days = { $count ->
    [one] in 1 day
   *[other] in { $number } days
}

# what outsiders see
desk-probe = Visibility check
desk-preflight = Before publication
desk-preflight-duty = Required
desk-preflight-hint = Hint
desk-preflight-off = Off
desk-hint-preflight = Hints stand beside the release. Nothing is published against a requirement.
desk-rule-headline-long = Headline longer than 110 characters
desk-rule-dateline-missing = Place or date is missing
desk-rule-contact-missing = No contact
desk-rule-contact-unreachable = Neither phone nor e-mail
desk-rule-photo-unready = File is not ready
desk-rule-each = Which?
desk-count-places = { $count ->
    [one] 1 place
   *[other] { $number } places
}
desk-rule-photo-caption = No caption
desk-rule-photo-alt-text = No alternative text
desk-rule-photo-credit = No credit
desk-rule-photo-terms = No usage terms
desk-rule-photo-rights = Rights end within 30 days
desk-rule-photo-small = Too small for print
desk-rule-link-broken = Link leads nowhere
desk-rule-translation-stale = Translation is older than its original
desk-probe-hint = Asked just now, without signing in, through the public address.
desk-probe-open = open
desk-probe-closed = closed
desk-probe-unclear = no clear answer
desk-probe-leak = Should be closed!
desk-probe-missing = Should be open
desk-probe-good = { $count ->
    [one] 1 address asked, it is as it should be
   *[other] { $number } addresses asked, all as they should be
}
desk-probe-bad = { $count ->
    [one] 1 address is not as it should be
   *[other] { $number } addresses are not as they should be
}

# downloads

desk-document-title = Start from a document
desk-document-hint = A file from Word, LibreOffice or Google Docs fills the form in. Nothing is saved yet. You can also simply paste text from these programs into the empty field “Text”.
desk-document-file = Document (.docx)
desk-document-pictures = Take its pictures into the media library
desk-document-send = Fill the form in
desk-document-read = Recognised: { $parts }.
desk-document-check = Please check and save.
desk-document-none = No document was chosen.
desk-document-other = Files of the kind { $kind } cannot be read here. Please save the document as .docx in your word processor and choose that file.
desk-document-unknown = This is not a document of a word processor. Files ending in .docx are read.
desk-document-encrypted = The document is protected with a password. Please save it without one and choose it again.
desk-document-damaged = The document is damaged and cannot be read. Opening it and saving it again often helps.
desk-document-too-large = The document is too large or too deeply nested. Please copy only the release into a new document.
desk-document-empty = There is no text in the document.
desk-document-no-headline = No headline could be made out.
desk-document-embargo = The document names an embargo: “{ $line }”. It is not set yet; you can set it under “Set an embargo” after saving.
desk-document-embargo-until = The document names an embargo: “{ $line }” ({ $until }). It is noted under “Embargo until”; after saving, “Set embargo” makes it hold.
desk-document-left-out = Left out: { $lines }
desk-document-changes = Tracked changes were taken as accepted; what was deleted is not included.
desk-document-comments = { $count ->
    [one] One comment was left out.
   *[other] { $count } comments were left out.
}
desk-document-cut = The document is very long; its end is missing.
desk-document-has-pictures = { $count ->
    [one] The document contains a picture. To take it over, send the document again with “pictures” ticked; better still is the picture file itself in print quality.
   *[other] The document contains { $count } pictures. To take them over, send the document again with “pictures” ticked; better still are the picture files themselves in print quality.
}
desk-document-pictures-taken = { $count ->
    [one] One picture is in the media library and chosen below.
   *[other] { $count } pictures are in the media library and chosen below.
}
desk-document-picture-not-taken = Picture { $name } was not taken: { $reason }
desk-found-title = Contacts named in the document
desk-found-hint = Those you tick are added to the contacts and chosen when you save.
desk-found-hint-author = Not among the contacts yet. An editor can add them.
desk-paste-done = Pasted without the other program’s formats. Undo with Ctrl+Z.
desk-paste-plain = Pasted as plain text; its structure could not be taken over just now.
desk-paste-undo = Undo
desk-paste-undone = Undone.
# statistics
desk-statistics = Statistics
desk-statistics-hint = Who downloads or searches is not recorded; robots do not count. Days are in universal time (UTC).
desk-statistics-alerts = { $count ->
    [one] One search is followed by e-mail.
   *[other] { $number } searches are followed by e-mail.
}
desk-statistics-period = Period
desk-statistics-span = { $count ->
    [one] 1 day
   *[other] { $number } days
}
desk-statistics-sum = { $files } single files and { $kits } press kits downloaded
desk-statistics-day = { $day }: { $files } single files, { $kits } press kits
desk-statistics-none = Nothing in this period.
desk-statistics-as-table = As a table
desk-statistics-days = By day
desk-statistics-photos = By photo
desk-statistics-photo = Photo
desk-statistics-release = Release
desk-statistics-kit = Press kit of
desk-statistics-kits = Press kits
desk-statistics-single = Single files
desk-statistics-in-kits = In press kits
desk-statistics-photos-single = Its photos singly
desk-statistics-print = Print quality
desk-statistics-web = Web size
desk-statistics-searches = Searched for in vain
desk-statistics-words = Words
desk-statistics-times = How often

# links to the preview
desk-links = Link to the preview
desk-links-hint = Shows the release with its pictures, as last saved, to somebody without an account. Once it is published, the link leads to the public page.
desk-link-new = New link
desk-link-make = Create link
desk-link-unsaved = What you have written shows there once you save.
desk-link-nobody = No recipient named
desk-link-made-by = Created by { $who }, { $when }
desk-link-until = Valid until { $when }
desk-link-ended = Expired
desk-link-seen = { $count ->
    [one] Opened once, last
   *[other] Opened { $number } times, last
}
desk-link-unseen = Not opened yet
desk-link-revoke = Revoke
desk-link-revoked = The link is revoked. Whoever opens it sees nothing from now on.
desk-field-link-recipient = For whom
desk-hint-link-recipient = Only for your own overview. With one link per person you can revoke each by itself.
desk-field-link-days = Valid for
desk-count-days = { $count ->
    [one] one day
   *[other] { $number } days
}
desk-action-preview-link = Link to the preview created
desk-action-preview-link-revoked = Link to the preview revoked
desk-error-too-many-links = There are 50 valid links to this release already. Revoke first what is not needed any more.
desk-error-link-recipient = At most 120 characters.

# sessions
desk-sessions = Where you are signed in
desk-session-this = this browser
desk-session-times = Since { $since }, last used { $seen }
desk-sign-out-elsewhere = Sign out everywhere else
desk-done-signed-out-elsewhere = You are signed out in all other browsers.
desk-editor-tools = Formatting
desk-editor-view = View
desk-editor-visual = Visual
desk-editor-text = Text (Markdown)
desk-editor-raw = This passage stays as it was written. It can be changed in the “Text” view.
desk-editor-speaker = Name, position
desk-editor-heading = Heading
desk-editor-subheading = Subheading
desk-editor-numbers = Numbered list
desk-editor-deeper = Indent list item
desk-editor-higher = Outdent list item
desk-editor-photo = Photo
desk-editor-table = Table
desk-editor-row-add = Add row
desk-editor-column-add = Add column
desk-editor-row-drop = Delete row
desk-editor-column-drop = Delete column
desk-editor-table-drop = Delete table
desk-editor-undo = Undo
desk-editor-redo = Redo
desk-editor-cancel = Cancel
desk-editor-link-address = Address
desk-editor-link-wrong = This is no address such as https://fair.example, press@fair.example or /releases/…
desk-editor-link-set = Set link
desk-editor-link-drop = Remove link
desk-editor-photo-choose = Choose a photo
desk-editor-photo-search = Search the media library
desk-editor-photo-look = Search
desk-editor-photo-none = No photo fits.
desk-editor-photo-failed = The photos could not be loaded just now.
desk-editor-photo-alt = Alternative text
desk-editor-photo-caption = Caption in this place (empty: the photo’s own)
desk-editor-photo-set = Insert photo
desk-editor-photo-change = Apply
desk-presence = { $name } has had this release open since { $since }.
desk-field-approval = Approval
desk-approval-free = Releases go out without approval
desk-approval-require = A second person approves each release
desk-hint-approval = With approval, a release goes out only when somebody else than its last editor has approved it exactly as it is.
desk-review = Approval
desk-review-open = Not approved yet.
desk-review-submitted = Submitted for approval by { $who }, { $when }.
desk-review-approved = Approved by { $who }, { $when }.
desk-review-returned = Returned by { $who }, { $when }:
desk-review-own = You changed the text last; somebody else has to approve it.
desk-review-approve = Approve
desk-review-submit = Submit for approval
desk-review-return = Return
desk-review-return-now = Return with this note
desk-field-review-note = What is to be changed
desk-waiting = Waiting for approval
desk-flag-submitted = waits for approval
desk-flag-approved = approved
desk-flag-returned = returned
desk-flag-stale = translation out of date
desk-stale-translation = The source was changed after this version.
desk-with-translations = Publish the other languages along with it, all or none: { $list }
desk-set-refused = Nothing was published, because “{ $headline }” cannot go out yet: { $reason }
desk-set-other-time = It has a time of its own ({ $time }), which has to be lifted there first.
desk-set-changed = Somebody has just changed the translation. Please look at it again.
desk-set-failed = A failure in the server. Please try again.
desk-done-submitted = Submitted for approval.
desk-done-approved = Approved.
desk-done-returned = Returned.
desk-action-submit = Submitted for approval
desk-action-approve = Approved
desk-action-return = Returned
desk-error-approval-missing = Before it goes out, somebody else than who changed the text last has to approve the release.
desk-error-approved-and-planned = The release is approved and planned. To change its text, please call off the plan first.
desk-error-own-text = Somebody else than who changed the text last has to approve it.
desk-error-not-submitted = The release was not submitted for approval.
desk-error-not-a-draft = Only what is neither planned nor public is approved.
desk-error-unsaved-text = The form holds text that is not saved. Please save it first; somebody else then has to approve it.
desk-error-review-note = Please say what is to be changed.

# Mail
desk-mails-failed = Mails that were not delivered
desk-mail-retry = Send again
desk-mail-discard = Discard
desk-mail-waits = Will be tried again by itself
desk-done-mail-retried = The mail is being sent again.

desk-field-hours = Hours
desk-hint-hours = Shown on the site as “Available now” or with the next time. 00:00 as the end is midnight. After saving there is room for another row.
desk-field-roster-zone = Time zone
desk-hint-roster-zone = Empty: the newsroom’s ({ $zone }).
desk-field-absences = Away
desk-hint-absences = Whole days, the last included. Who stands in is shown on the site in place of the hours.
desk-roster-row = Row
desk-roster-from = From
desk-roster-until = Until
desk-away-from = First day
desk-away-until = Last day
desk-away-stand-in = Stand-in
desk-away-nobody = No stand-in
desk-error-hours-days = Choose at least one day for the hours.
desk-error-roster-order = The end comes before the beginning.
desk-error-clock = This is not a time of day such as 09:00.
desk-messages-title = Messages
desk-messages-none = Nobody has written yet. The form is on the page of each contact.
desk-messages-keeps = messages are deleted after { $days }
desk-count-unread = { $count ->
    [one] 1 unread message
   *[other] { $number } unread messages
}
desk-message-new = New
desk-message-to = to
desk-message-read = Mark as read
desk-message-unread = Mark as unread
desk-field-message-days = Delete messages to contacts after … days
desk-error-message-days = Choose 1 to 3650 days.
desk-message-subject = Message from the newsroom by { $who }
desk-message-for = Somebody wrote to { $name } by the form in the newsroom:

# Invitations, new passwords, second step
desk-invitations = Invited
desk-invitation-until = good until { $until }
desk-invitation-over = expired
desk-invitation-revoke = Revoke invitation
desk-done-invitation-revoked = The invitation is no longer good.
desk-removed-title = Removed
desk-hint-removed = These people get no new account from the identity provider either, until you let them in again or invite them.
desk-removed-when = removed on { $when } by { $who }
desk-readmit = Let in again
desk-done-readmitted = This person can sign in again.
desk-hint-invite-mail = The person gets a link by e-mail and sets an own password. It is good for seven days and once.
desk-hint-invite-by-hand = You get a link to hand over, by which the person sets an own password. It is good for seven days and once. This press room sends no e-mail.
desk-link-for = Link for { $who }, good until { $until }:
desk-link-mailed = It is on its way by e-mail too.
desk-link-hand-over = Please hand it over by a safe way.
desk-welcome-title = Welcome
desk-welcome-lead = Hello { $name }, please choose a password for your new account.
desk-recover-title = New password
desk-recover-lead = You will be signed out everywhere and sign in with the new password.
desk-set-password = Set password
desk-done-password-set = The password is set. You can sign in now.
desk-link-ended-title = This link is no longer good
desk-link-ended-text = It was used, revoked or has expired. Please ask the administrators of your press room for another.
desk-back-to-sign-in = To the sign-in
desk-forgotten-title = Forgotten password?
desk-forgotten-lead = We send you a link by which you set a new password. It is good for one hour.
desk-forgotten-send = Send link
desk-forgotten-sent = If there is an account for this address, an e-mail is on its way. Please look into the spam folder too.
desk-forgotten-no-mail = This press room sends no e-mail. Please ask its administrators for a link to a new password.
desk-mail-invitation-subject = Your access to “{ $newsroom }”
desk-mail-invitation-text =
    Hello { $name },

    { $who } has invited you to the press room “{ $newsroom }”. Set your password here:

    { $link }

    The link is good for seven days and once. If you do not expect this, just delete this e-mail.
desk-mail-recovery-subject = New password for “{ $newsroom }”
desk-mail-recovery-text =
    Hello { $name },

    set a new password for “{ $newsroom }” here:

    { $link }

    The link is good for one hour and once. If you did not ask for it, just delete this e-mail; your password stays as it is.
desk-code-title = Second step
desk-code-ended = That took too long, or the code was wrong too often. Please sign in again.
desk-field-code = Code
desk-hint-code = Six digits from your authenticator app, or one of your recovery codes.
desk-error-code = This code is wrong or was used before.
desk-error-factor-due = This press room requires a second step.
desk-factor-title = Second step at sign-in
desk-factor-on = At sign-in a code is asked for after the password.
desk-factor-off = At sign-in the password is enough.
desk-factor-lead = After the password, a code from an authenticator app is asked for. A password that was guessed or stolen is then not enough.
desk-factor-begin = Set up
desk-factor-scan = Scan this picture with your authenticator app.
desk-factor-picture = QR code for the authenticator app; its key stands below as text
desk-factor-type = Or type this key there:
desk-factor-open = Open in an app on this device
desk-factor-confirm = Confirm
desk-factor-codes = Recovery codes
desk-factor-codes-keep = Keep them safe, apart from the device with the app. Each stands in for the code once, should you miss the device.
desk-factor-codes-left = { $count ->
    [0] No recovery code is left.
    [one] One recovery code is left.
   *[other] { $count } recovery codes are left.
}
desk-factor-change = Change
desk-factor-new-codes = New recovery codes
desk-factor-remove = Turn off
desk-factor-reset = Reset second step and passkeys
desk-factor-has = with second step
desk-done-factor-removed = The second step is turned off.
desk-done-factor-due = This press room requires a second step at sign-in. Please set it up now.
desk-field-second-factor = Second step at sign-in
desk-hint-second-factor = Those who need it and do not have it yet are led to setting it up after they sign in.
desk-factor-nobody = optional
desk-factor-admins = required of administrators
desk-factor-all = required of all

# sign-in by the organisation's identity provider
desk-oidc-sign-in = Sign in with { $name }
desk-oidc-unreachable = { $name } does not answer as it should at the moment. Please try again in a minute. If it stays so, whoever runs this press room finds the reason in its log.
desk-oidc-wrong = What { $name } sent could not be confirmed, so nobody was signed in. Please try again; whoever runs this press room finds the reason in its log.
desk-oidc-denied = The sign-in at { $name } was cancelled, or you were not let in there.
desk-oidc-ended = This sign-in has expired, was used already, or was begun in another browser. Please begin anew.
desk-oidc-no-email = { $name } does not confirm any e-mail address of yours, so we cannot tell which account is yours. Please ask those who look after { $name }.
desk-oidc-unknown = There is no account for { $email } here. Please ask an administrator of this press room to invite you.
desk-oidc-somebody-else = The account of { $email } belongs to another sign-in at { $name }. Please ask an administrator of this press room to have that link removed.
desk-oidc-no-role = None of your groups at { $name } works in this press room. Please ask those who look after { $name }.
desk-oidc-only = Passwords are not used here. Please sign in with the button above.
desk-oidc-no-password = You sign in with { $name }; there is no password here.
desk-oidc-hint-held = It opens in a new tab. Once you are signed in there, come back to this one: what you typed is kept here.
desk-oidc-go-on = I am signed in, go on
desk-oidc-not-yet = You are not signed in yet. What you typed is still here.

# passkeys
desk-passkeys-title = Passkeys
desk-passkeys-lead = With a passkey you sign in by fingerprint, face or the PIN of your device, without password and code.
desk-passkeys-count = { $count ->
    [one] One passkey
   *[other] { $count } passkeys
}
desk-passkey-times = Added { $made }, last used { $used }
desk-passkey-unused = Added { $made }, not used yet
desk-passkey-new = New passkey
desk-field-passkey-name = Name
desk-hint-passkey-name = So that you recognise it: the device or the password manager in which it is kept.
desk-passkey-add = Add passkey
desk-passkey-remove = Remove
desk-passkey-remove-sure = Nobody can sign in with it any more. Please delete it from your device as well.
desk-passkey-sign-in = Sign in with a passkey
desk-passkey-wrong = This passkey was not accepted: it is unknown here, was removed, or it took too long. Please try again or sign in with your password.
desk-passkey-due = This press room requires more than a password. Please sign in with your passkey.
desk-passkey-cancelled = It was cancelled or took too long, or there is no fitting passkey on this device.
desk-passkey-failed = That did not work. Please reload the page and try again.
desk-error-passkey = The passkey was not accepted, or it took too long. Please try again.
desk-error-passkey-known = There is a passkey of this account on this device already.
desk-error-too-many-passkeys = There are 20 passkeys already. Please remove one first.
desk-error-no-passkeys-here = The address of this press room allows no passkeys.
desk-passkeys-no-name = Passkeys belong to a name, and this press room is set up at { $address }. They can be used once its public address is one such as https://press.example.org (or http://localhost for a trial).
desk-passkeys-no-tls = Browsers allow passkeys over an encrypted connection only, and this press room is set up at { $address }. They can be used once its public address begins with https://.
desk-passkeys-no-script = A passkey is made by the browser, which needs JavaScript for that.
desk-passkeys-elsewhere = Passkeys are good at the public address of this press room only:
desk-passkeys-unknown = This browser knows no passkeys.
desk-factor-or-passkey = A passkey serves as well:
desk-done-passkey-added = The passkey is added. You can sign in with it from now on.
desk-done-passkey-removed = The passkey is removed.
# calendar
desk-calendar = Calendar
desk-calendar-today = Today
desk-calendar-event = Event
desk-calendar-none = Nothing is due in this month.
