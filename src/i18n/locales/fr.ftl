# Le site public. Chaque clé existe dans chaque langue ; voir keys.rs.

skip-to-content = Aller au contenu
site-description = { $newsroom } : communiqués, photos en qualité d’impression avec légende et crédit, événements et contacts presse.
nav-label = Navigation principale
nav-releases = Communiqués
nav-photos = Photos
nav-events = Agenda
nav-contacts = Contacts
nav-search = Recherche
language-label = Langue
foot-nav-label = Rubriques
foot-newsroom = Espace presse
foot-feeds = Flux
foot-legal = Mentions légales
foot-phone = Téléphone presse
preview-notice = Aperçu : cette page n’est pas publique
preview-shared = Aperçu – non publié, confidentiel.
preview-embargo = Sous embargo jusqu’au { $time }.
preview-scheduled = Publication prévue : { $time }.

count-photos = { $count ->
    [one] { $number } photo
   *[other] { $number } photos
}
count-releases = { $count ->
    [one] { $number } communiqué
   *[other] { $number } communiqués
}
count-documents = { $count ->
    [one] { $number } document
   *[other] { $number } documents
}
zip-all-files = Tous les fichiers (ZIP, { $size })
zip-all-photos = Toutes les photos (ZIP, { $size })
zip-album = Télécharger { $count } (ZIP, { $size })
zip-web = En format web (ZIP, { $size })

selection-title = Votre sélection
selection-intro = Légendes, crédits et conditions d’utilisation accompagnent les photos.
selection-empty = Vous n’avez encore choisi aucune photo. Cochez la case d’une photo pour la retenir.
selection-choose = Choisir des photos
selection-choose-one = Choisir
selection-show = Voir la sélection
selection-more = Choisir d’autres photos
selection-clear = Vider la sélection
selection-remove = Retirer
selection-missing = Certaines photos de cette sélection ne sont plus disponibles.

pager-label = Pages
pager-position = Page { $page } sur { $pages }
pager-previous = Précédent
pager-next = Suivant

home-lead = À la une
home-read = Lire le communiqué
home-latest = Derniers communiqués
home-all-releases = Tous les communiqués
home-photos = Photos de presse
home-all-photos = Toutes les photos
home-contacts = Nous parler
home-all-contacts = Tous les contacts
home-events = Agenda
home-all-events = Tout l’agenda
home-empty = Rien n’a encore été publié. Revenez bientôt.
home-elsewhere = Rien n’a encore été publié dans cette langue. Communiqués dans d’autres langues :

archive-title = Communiqués
archive-empty = Aucun communiqué ne correspond à ce choix.
archive-all = Tous
filter-topic = Thème
filter-year = Année

release-kicker = Communiqué de presse
release-contact = Contact presse
release-contacts = Contacts
release-translations = Aussi en
release-photos = Photos du communiqué
release-documents = Documents
release-take = À emporter
release-take-text = Reprendre le texte
release-related = Sur le même sujet
copy-text = Copier le texte
copy-quote = Copier la citation
copy-link = Copier le lien
copied = Copié
print = Imprimer
permalink = Lien permanent
correction-correction = Rectificatif
correction-update = Mise à jour

gallery-title = Photos
gallery-intro = En qualité d’impression, légende et crédit dans chaque fichier.
gallery-albums = Albums
gallery-all = Toutes les photos, les plus récentes d’abord
filter-form = Filtrer les photos
filter-person = Personne
filter-stands = Orientation
filter-fills = Taille d’impression minimale
filter-any = Toutes
filter-show = Afficher
filter-none = Effacer les filtres
stands-landscape = Paysage
stands-portrait = Portrait
stands-square = Carré
fills-paper = { $paper } à 300 ppp
gallery-none-such = Aucune photo ne correspond.
gallery-empty = Aucune photo n’a encore été publiée.
album-kicker = Album

photo-zoom = Agrandir
photo-no-picture = Ce fichier n’a pas d’aperçu.
photo-nav = Autres photos
photo-previous = Précédente
photo-next = Suivante
photo-all = Toutes les photos
photo-credit = Crédit
photo-facts-link = Tous les détails
photo-terms = Utilisation
photo-rights-link = Conditions d’utilisation complètes
photo-persons = Sur la photo
photo-location = Lieu
photo-date = Prise le
photo-creator = Auteur
photo-copyright = Droit d’auteur
photo-albums = Album
photo-keywords = Mots-clés
photo-downloads = Télécharger
photo-print = À l’impression jusqu’à
photo-releases = { $count ->
    [one] Accompagne ce communiqué
   *[other] Accompagne ces communiqués
}
copy-caption = Copier la légende et le crédit
copy-credit = Copier le crédit seul
print-resolution = Résolution
print-size = Taille
print-purpose = Convient pour
print-magazine = Magazine, brochure
print-newspaper = Journal
print-in-format = Dans ces formats
print-page = Page A4
print-double-page = Double page A4 (42 × 29,7 cm)
print-too-small = Trop petit pour l’impression
print-poster = Affiche

contacts-title = Contacts presse
contacts-intro = Appelez ou écrivez : des personnes vous répondent.
contacts-empty = Aucun contact n’a encore été ajouté.
contact-topics = Thèmes
contact-languages = Langues
contact-email = E-mail
contact-vcf = Fiche de contact (vCard)
contact-portrait = Portrait en qualité d’impression
contact-releases = Communiqués avec ce contact

events-title = Agenda
events-upcoming = À venir
events-past = Passés
events-none = Aucun rendez-vous n’est prévu pour le moment.
event-ics = Ajouter au calendrier
event-website = Site de l’événement
event-releases = Communiqués liés :

search-title = Recherche
search-label = Chercher dans les communiqués, photos et contacts
search-placeholder = Chercher
search-submit = Chercher
search-dates = Période
search-from = Du
search-to = Au
search-did-you-mean = Vouliez-vous dire
search-narrow = Affiner les résultats
search-active = Filtres actifs
search-remove = Retirer le filtre :
search-feeds = Cette recherche en flux
search-trouble = La recherche ne répond pas pour l’instant. Réessayez dans un moment.
search-photos-kit = Photos trouvées (ZIP)
search-nothing = Nous n’avons rien trouvé. Essayez un mot plus court, ou demandez-nous.
search-topics = Thèmes
search-ask = Demandez-nous

not-found-title = Cette page n’existe pas
not-found-text = Elle a peut-être changé de nom. La recherche trouve tout ce qui est publié.
not-found-near = Vous cherchiez peut-être
withdrawn-kicker = Retiré
withdrawn-title = Ce communiqué a été retiré
withdrawn-reason = Motif :
withdrawn-text = Merci de ne plus utiliser son texte ni ses photos.
error-title = Une erreur s’est produite
error-text = La faute est de notre côté et a été enregistrée. Réessayez dans quelques minutes.
error-busy-title = De retour dans un instant
error-busy-text = L’espace presse est momentanément inaccessible. Rechargez la page dans une minute.
error-request-title = Nous ne pouvons pas répondre à cette demande
error-request-text = Vérifiez l’adresse ou partez de la page d’accueil.
error-request-id = Numéro de la demande :
error-home = Aller à la page d’accueil

prose-table = Tableau
phone-work = Téléphone
phone-mobile = Portable
phone-fax = Télécopie
event-tentative = À confirmer
event-cancelled = Annulé
event-postponed = Reporté
rendition-original = Original
rendition-large = Grande
rendition-medium = Moyenne
rendition-small = Petite
rendition-thumb = Vignette
rendition-mini = Miniature
rendition-social = Pour les réseaux sociaux
rendition-print = Pour l’impression
kind-release = Communiqué
kind-photo = Photo
kind-contact = Contact
kind-album = Album
kind-event = Rendez-vous
kinds-release = Communiqués
kinds-photo = Photos
kinds-contact = Contacts
kinds-album = Albums
kinds-event = Agenda
facet-kind = Type
facet-person = Personne
search-order = Tri
search-by-relevance = Par pertinence
search-by-date = Les plus récents d’abord
search-total = { $count ->
    [one] { $number } résultat
   *[other] { $number } résultats
}
search-total-for = { $count ->
    [one] { $number } résultat pour « { $query } »
   *[other] { $number } résultats pour « { $query } »
}

duty-now = Joignable maintenant
duty-from = Joignable à partir de { $day }, { $time } ({ $zone })
time-of-place = heure de { $place }
duty-away = Absence jusqu’au { $date }
duty-instead = Remplacement :
contact-hours = Horaires
contact-qr = Code QR de la carte de visite
contact-qr-hint = Visez-le avec l’appareil photo du téléphone pour enregistrer le contact.
events-subscribe = S’abonner au calendrier
contact-message = Écrire un message
message-title = Message à { $name }
message-name = Nom
message-outlet = Rédaction ou média (facultatif)
message-text = Message
message-trap = À laisser vide
message-send = Envoyer
message-direct = Contact direct
message-sent = Merci, votre message est arrivé.
message-keeps = Seul le service de presse lit votre message. Il est supprimé après { $days }.
message-error-name = Veuillez indiquer votre nom.
message-error-email = Veuillez vérifier l’adresse e-mail : la réponse y sera envoyée.
message-error-text = Le message est vide.
message-error-links = Veuillez écrire quelques mots, et cinq liens au plus.
message-error-long = C’est trop long.
message-error-fast = C’était très rapide. Veuillez envoyer encore une fois.
message-error-expired = La page est restée ouverte trop longtemps. Veuillez envoyer encore une fois ; votre texte est toujours là.
message-error-trap = Un champ qui doit rester vide était rempli. Veuillez envoyer encore une fois.
message-error-full = Trop de messages sont arrivés aujourd’hui. Veuillez appeler ou écrire un e-mail.
count-days = { $count ->
    [one] un jour
   *[other] { $number } jours
}
alert-offer = Me prévenir par e-mail quand du nouveau paraît
alert-title = Nouveautés par e-mail
alert-search = Nouveaux communiqués pour :
alert-everything = Tous les nouveaux communiqués
alert-email = Votre adresse e-mail
alert-ask = Demander la confirmation
alert-keeps = Vous recevez d’abord un e-mail pour confirmer. Sans confirmation, nous ne vous écrivons plus et supprimons l’adresse après deux jours. Chaque e-mail suivant contient un lien de désabonnement, qui supprime aussi l’adresse.
alert-sent = Merci. Si cette adresse ne suit pas déjà cette recherche, un e-mail avec un lien de confirmation est en route ; il est valable deux jours. Chaque adresse en reçoit au plus cinq par jour et vingt en tout.
alert-confirm = Oui, m’envoyer les nouveautés
alert-confirmed = C’est confirmé. Vous recevez un e-mail quand du nouveau paraît, au plus un par heure.
alert-end = Se désabonner
alert-ended = Nous n’envoyons plus rien à ce sujet ; l’adresse est supprimée.
alert-error-email = Veuillez vérifier l’adresse e-mail.
alert-error-full = Trop de demandes sont arrivées aujourd’hui. Veuillez réessayer demain.
alert-request-subject = { $newsroom } : veuillez confirmer
alert-request-text = Quelqu’un, sans doute vous, souhaite recevoir un e-mail à cette adresse quand { $newsroom } publie des communiqués correspondant à une recherche. Veuillez confirmer sur cette page :
alert-request-otherwise = Si ce n’était pas vous, il n’y a rien à faire : sans confirmation, nous ne vous écrivons plus et supprimons l’adresse après deux jours.
alert-news = Nouveau pour votre recherche : { $what }
alert-news-all = Vient de paraître :
alert-news-end = Se désabonner de ces e-mails :
