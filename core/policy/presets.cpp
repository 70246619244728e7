#include "core/policy/presets.h"

#include <initializer_list>
#include <string>
#include <utility>

namespace sporvakt::policy {
namespace {

using trackers::Purpose;

Group group_of(std::string id, std::string name, std::initializer_list<Purpose> blocked) {
    Group group;
    group.id = std::move(id);
    group.name = std::move(name);
    for (const Purpose purpose : blocked) {
        group.purposes[purpose] = HouseholdRule::Block;
    }
    return group;
}

/// What watches a person, of all purposes that are there to watch; what a site needs to work stays.
Group children() {
    return group_of("children", "Children",
                    {Purpose::Advertising, Purpose::DataBroker, Purpose::SessionReplay,
                     Purpose::Fingerprinting, Purpose::Analytics, Purpose::AudienceMeasurement,
                     Purpose::Social, Purpose::EmailMarketing, Purpose::Personalisation,
                     Purpose::Telemetry, Purpose::AdultAdvertising, Purpose::Cryptomining});
}

/// As children's, but that a lesson may need a page's chat or an embedded post.
Group school_class() {
    return group_of(
        "school-class", "School class",
        {Purpose::Advertising, Purpose::DataBroker, Purpose::SessionReplay, Purpose::Fingerprinting,
         Purpose::Analytics, Purpose::AudienceMeasurement, Purpose::EmailMarketing,
         Purpose::Personalisation, Purpose::AdultAdvertising, Purpose::Cryptomining});
}

Group kiosk() {
    Group group = group_of("kiosk", "Public kiosk", {});
    group.allow_only = true;
    return group;
}

/// By names that such things usually have; the household adds its own.
Group things() {
    Group group = group_of("things", "TVs and things",
                           {Purpose::Advertising, Purpose::AudienceMeasurement, Purpose::Telemetry,
                            Purpose::SmartTv, Purpose::DataBroker});
    for (const char* const name : {"tv-*", "*-tv", "chromecast*", "roku*", "*speaker*"}) {
        group.members.push_back({Membership::By::Name, name});
    }
    return group;
}

/// A help desk needs crash reports and its chat; nobody needs to be measured for it.
Group work() {
    Group group =
        group_of("work", "Work",
                 {Purpose::Advertising, Purpose::DataBroker, Purpose::SessionReplay,
                  Purpose::Fingerprinting, Purpose::AdultAdvertising, Purpose::Cryptomining});
    group.purposes[Purpose::CrashReporting] = HouseholdRule::Allow;
    group.purposes[Purpose::CustomerInteraction] = HouseholdRule::Allow;
    return group;
}

}  // namespace

std::vector<Preset> presets() {
    return {
        {group_of("family", "Family",
                  {Purpose::DataBroker, Purpose::SessionReplay, Purpose::Fingerprinting,
                   Purpose::AdultAdvertising, Purpose::Cryptomining}),
         "Familien",
         "For everybody at home: also stops those who sell profiles, film the screen or recognise "
         "a device by its fingerprint, whether a list names them or not.",
         "For alle hjemme: stopper også dem som selger profiler, filmer skjermen eller kjenner "
         "igjen enheten på fingeravtrykket, enten en liste nevner dem eller ikke."},
        {children(), "Barn",
         "For children: stops all that measures, profiles or follows, social media's buttons too.",
         "For barn: stopper alt som måler, lager profil eller følger etter, også knappene til "
         "sosiale medier."},
        {group_of("guests", "Guests", {}), "Gjester",
         "For visitors: the lists alone, so that nothing of theirs breaks.",
         "For besøkende: bare listene, så ingenting de bruker slutter å virke."},
        {school_class(), "Skoleklasse",
         "For pupils: stops what measures or profiles them, and leaves the page's chat and "
         "embedded posts.",
         "For elever: stopper det som måler dem eller lager profil, og lar sidens chat og "
         "innebygde innlegg være."},
        {kiosk(), "Offentlig skjerm", "For a public screen: reaches only the names that you allow.",
         "For en offentlig skjerm: når bare navnene du tillater."},
        {things(), "TV-er og ting",
         "For televisions, speakers and other things: stops reports about what is watched and "
         "used.",
         "For TV-er, høyttalere og andre ting: stopper meldinger om hva som sees og brukes."},
        {work(), "Arbeid",
         "For the office: stops advertising and profiling, and lets crash reports and support "
         "chats through.",
         "For kontoret: stopper reklame og profilering, og slipper krasjrapporter og kundestøtte "
         "gjennom."},
    };
}

}  // namespace sporvakt::policy
