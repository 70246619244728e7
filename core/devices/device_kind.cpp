#include "core/devices/device_kind.h"

#include "core/base/ascii.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <vector>

namespace sporvakt::devices {
namespace {

struct Sign {
    std::string_view word;  ///< In lower case.
    DeviceKind kind;
};

// In the order in which they are tried: what says more stands first ("apple tv" before "tv").
constexpr std::array kWords{
    Sign{"appletv", DeviceKind::Television},
    Sign{"apple tv", DeviceKind::Television},
    Sign{"fire tv", DeviceKind::Television},
    Sign{"firetv", DeviceKind::Television},
    Sign{"google tv", DeviceKind::Television},
    Sign{"chromecast audio", DeviceKind::Speaker},
    Sign{"chromecast", DeviceKind::Television},
    Sign{"bravia", DeviceKind::Television},
    Sign{"roku", DeviceKind::Television},
    Sign{"webos", DeviceKind::Television},
    Sign{"tizen", DeviceKind::Television},
    Sign{"television", DeviceKind::Television},
    Sign{"mediarenderer", DeviceKind::Television},
    Sign{"shield", DeviceKind::Television},
    Sign{"tv", DeviceKind::Television},
    Sign{"audioaccessory", DeviceKind::Speaker},
    Sign{"homepod", DeviceKind::Speaker},
    Sign{"google home", DeviceKind::Speaker},
    Sign{"nest audio", DeviceKind::Speaker},
    Sign{"nest mini", DeviceKind::Speaker},
    Sign{"sonos", DeviceKind::Speaker},
    Sign{"zoneplayer", DeviceKind::Speaker},
    Sign{"soundbar", DeviceKind::Speaker},
    Sign{"speaker", DeviceKind::Speaker},
    Sign{"h\xc3\xb8yttaler", DeviceKind::Speaker},
    Sign{"echo", DeviceKind::Speaker},
    Sign{"ipad", DeviceKind::Tablet},
    Sign{"galaxy tab", DeviceKind::Tablet},
    Sign{"tablet", DeviceKind::Tablet},
    Sign{"kindle", DeviceKind::Tablet},
    Sign{"nettbrett", DeviceKind::Tablet},
    Sign{"watch", DeviceKind::Watch},
    Sign{"klokke", DeviceKind::Watch},
    Sign{"iphone", DeviceKind::Phone},
    Sign{"galaxy", DeviceKind::Phone},
    Sign{"pixel", DeviceKind::Phone},
    Sign{"oneplus", DeviceKind::Phone},
    Sign{"huawei", DeviceKind::Phone},
    Sign{"redmi", DeviceKind::Phone},
    Sign{"android", DeviceKind::Phone},
    Sign{"phone", DeviceKind::Phone},
    Sign{"telefon", DeviceKind::Phone},
    Sign{"mobil", DeviceKind::Phone},
    Sign{"macbook", DeviceKind::Computer},
    Sign{"macmini", DeviceKind::Computer},
    Sign{"imac", DeviceKind::Computer},
    Sign{"mac", DeviceKind::Computer},
    Sign{"laptop", DeviceKind::Computer},
    Sign{"desktop", DeviceKind::Computer},
    Sign{"thinkpad", DeviceKind::Computer},
    Sign{"chromebook", DeviceKind::Computer},
    Sign{"raspberrypi", DeviceKind::Computer},
    Sign{"pc", DeviceKind::Computer},
    Sign{"playstation", DeviceKind::Console},
    Sign{"ps4", DeviceKind::Console},
    Sign{"ps5", DeviceKind::Console},
    Sign{"xbox", DeviceKind::Console},
    Sign{"nintendo", DeviceKind::Console},
    Sign{"laserjet", DeviceKind::Printer},
    Sign{"officejet", DeviceKind::Printer},
    Sign{"jetdirect", DeviceKind::Printer},
    Sign{"deskjet", DeviceKind::Printer},
    Sign{"ecotank", DeviceKind::Printer},
    Sign{"pixma", DeviceKind::Printer},
    Sign{"epson", DeviceKind::Printer},
    Sign{"brother", DeviceKind::Printer},
    Sign{"printer", DeviceKind::Printer},
    Sign{"skriver", DeviceKind::Printer},
    Sign{"doorbell", DeviceKind::Camera},
    Sign{"ipcam", DeviceKind::Camera},
    Sign{"camera", DeviceKind::Camera},
    Sign{"kamera", DeviceKind::Camera},
    Sign{"diskstation", DeviceKind::Storage},
    Sign{"synology", DeviceKind::Storage},
    Sign{"qnap", DeviceKind::Storage},
    Sign{"nas", DeviceKind::Storage},
    Sign{"internetgatewaydevice", DeviceKind::Router},
    Sign{"openwrt", DeviceKind::Router},
    Sign{"router", DeviceKind::Router},
    Sign{"fritz", DeviceKind::Router},
    Sign{"unifi", DeviceKind::Router},
    Sign{"ipbridge", DeviceKind::Appliance},
    Sign{"hue", DeviceKind::Appliance},
    Sign{"tradfri", DeviceKind::Appliance},
    Sign{"dirigera", DeviceKind::Appliance},
    Sign{"shelly", DeviceKind::Appliance},
    Sign{"tasmota", DeviceKind::Appliance},
    Sign{"esphome", DeviceKind::Appliance},
    Sign{"tuya", DeviceKind::Appliance},
    Sign{"roomba", DeviceKind::Appliance},
    Sign{"roborock", DeviceKind::Appliance},
    Sign{"plug", DeviceKind::Appliance},
    Sign{"bulb", DeviceKind::Appliance},
    Sign{"lampe", DeviceKind::Appliance},
    Sign{"esp", DeviceKind::Appliance},
};

// What only such devices announce, the surest first.  Left out: _airplay, _homekit, _smb, _ssh and
// others that computers, phones, speakers and televisions share.
constexpr std::array kServices{
    Sign{"_ipp", DeviceKind::Printer},
    Sign{"_ipps", DeviceKind::Printer},
    Sign{"_pdl-datastream", DeviceKind::Printer},
    Sign{"_printer", DeviceKind::Printer},
    Sign{"_uscan", DeviceKind::Printer},
    Sign{"_scanner", DeviceKind::Printer},
    Sign{"_sonos", DeviceKind::Speaker},
    Sign{"_androidtvremote2", DeviceKind::Television},
    Sign{"_amzn-wplay", DeviceKind::Television},
    Sign{"_googlecast", DeviceKind::Television},
    Sign{"mediarenderer", DeviceKind::Television},
    Sign{"_axis-video", DeviceKind::Camera},
    Sign{"_onvif", DeviceKind::Camera},
    Sign{"_adisk", DeviceKind::Storage},
    Sign{"_hap", DeviceKind::Appliance},
    Sign{"_hue", DeviceKind::Appliance},
    Sign{"_matter", DeviceKind::Appliance},
    Sign{"_miio", DeviceKind::Appliance},
    Sign{"_esphomelib", DeviceKind::Appliance},
    Sign{"_shelly", DeviceKind::Appliance},
    Sign{"_apple-mobdev2", DeviceKind::Phone},
    Sign{"internetgatewaydevice", DeviceKind::Router},
    Sign{"_workstation", DeviceKind::Computer},
    Sign{"_rfb", DeviceKind::Computer},
};

// DHCP option 60, by how it begins.
constexpr std::array kVendorClasses{Sign{"android-dhcp", DeviceKind::Phone},
                                    Sign{"msft 5.0", DeviceKind::Computer},
                                    Sign{"aaplbsdpc", DeviceKind::Computer},
                                    Sign{"xbox", DeviceKind::Console},
                                    Sign{"ps4", DeviceKind::Console},
                                    Sign{"ps5", DeviceKind::Console},
                                    Sign{"hewlett-packard", DeviceKind::Printer},
                                    Sign{"mfg=", DeviceKind::Printer},
                                    Sign{"ubnt", DeviceKind::Router},
                                    Sign{"cisco ap", DeviceKind::Router},
                                    Sign{"espressif", DeviceKind::Appliance}};

// Makers of one sort of thing, by how their names begin.
constexpr std::array kVendors{Sign{"sonos", DeviceKind::Speaker},
                              Sign{"bose", DeviceKind::Speaker},
                              Sign{"roku", DeviceKind::Television},
                              Sign{"nintendo", DeviceKind::Console},
                              Sign{"sony interactive", DeviceKind::Console},
                              Sign{"brother", DeviceKind::Printer},
                              Sign{"seiko epson", DeviceKind::Printer},
                              Sign{"canon", DeviceKind::Printer},
                              Sign{"lexmark", DeviceKind::Printer},
                              Sign{"kyocera", DeviceKind::Printer},
                              Sign{"hangzhou hikvision", DeviceKind::Camera},
                              Sign{"axis communications", DeviceKind::Camera},
                              Sign{"zhejiang dahua", DeviceKind::Camera},
                              Sign{"reolink", DeviceKind::Camera},
                              Sign{"ring ", DeviceKind::Camera},
                              Sign{"arlo", DeviceKind::Camera},
                              Sign{"synology", DeviceKind::Storage},
                              Sign{"qnap", DeviceKind::Storage},
                              Sign{"ubiquiti", DeviceKind::Router},
                              Sign{"avm ", DeviceKind::Router},
                              Sign{"mikrotik", DeviceKind::Router},
                              Sign{"routerboard", DeviceKind::Router},
                              Sign{"espressif", DeviceKind::Appliance},
                              Sign{"tuya", DeviceKind::Appliance},
                              Sign{"shelly", DeviceKind::Appliance},
                              Sign{"allterco", DeviceKind::Appliance},
                              Sign{"signify", DeviceKind::Appliance},
                              Sign{"philips lighting", DeviceKind::Appliance},
                              Sign{"ikea", DeviceKind::Appliance},
                              Sign{"irobot", DeviceKind::Appliance},
                              Sign{"roborock", DeviceKind::Appliance},
                              Sign{"garmin", DeviceKind::Watch},
                              Sign{"fitbit", DeviceKind::Watch}};

// ASCII alone: the locale must not change what a device is.
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Words have no letters beside them: "tv" is in "stue-tv2", not in "latvia".
bool has_word(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_letter(text[at - 1])) &&
            (end == text.size() || !is_letter(text[end]))) {
            return true;
        }
    }
    return false;
}

using Matches = bool (*)(std::string_view text, std::string_view word);

bool begins_with(std::string_view text, std::string_view word) {
    return text.starts_with(word);
}

bool is_equal(std::string_view text, std::string_view word) {
    return text == word;
}

/// Something that the device said, and how to look for signs in it.
struct Claim {
    KindEvidence evidence;
    std::string_view words;
    std::span<const Sign> signs;
    Matches matches;
};

/// The first sign that any of the claims shows; they are of one sort.
KindGuess first_sign(std::span<const Claim> claims) {
    std::vector<std::string> words;  // once, not for each of the many signs
    std::transform(claims.begin(), claims.end(), std::back_inserter(words),
                   [](const Claim& claim) { return lowered(claim.words); });
    for (const Sign& sign : claims.front().signs) {
        for (std::size_t at = 0; at < claims.size(); ++at) {
            const Claim& claim = claims[at];
            if (claim.matches(words[at], sign.word)) {
                return {sign.kind, claim.evidence, std::string(claim.words)};
            }
        }
    }
    return {};
}

std::vector<Claim> services_of(const Device& device) {
    std::vector<Claim> claims;
    for (const std::string& service : device.services) {
        claims.push_back({KindEvidence::Service, service, kServices, is_equal});
    }
    return claims;
}

}  // namespace

KindGuess guess_kind(const Device& device) {
    const std::array<std::vector<Claim>, 5> sorts{
        std::vector<Claim>{{KindEvidence::Model, device.model, kWords, has_word}},
        services_of(device),
        std::vector<Claim>{{KindEvidence::Name, device.announced_name, kWords, has_word},
                           {KindEvidence::Name, device.host_name, kWords, has_word}},
        std::vector<Claim>{
            {KindEvidence::VendorClass, device.vendor_class, kVendorClasses, begins_with}},
        std::vector<Claim>{{KindEvidence::Vendor, device.vendor, kVendors, begins_with}}};
    for (const std::vector<Claim>& claims : sorts) {
        KindGuess guess = claims.empty() ? KindGuess{} : first_sign(claims);
        if (guess.kind != DeviceKind::Unknown) {
            return guess;
        }
    }
    return {};
}

std::string_view kind_text(DeviceKind kind) {
    switch (kind) {
        case DeviceKind::Phone:
            return "phone";
        case DeviceKind::Tablet:
            return "tablet";
        case DeviceKind::Computer:
            return "computer";
        case DeviceKind::Television:
            return "television";
        case DeviceKind::Speaker:
            return "speaker";
        case DeviceKind::Watch:
            return "watch";
        case DeviceKind::Console:
            return "console";
        case DeviceKind::Printer:
            return "printer";
        case DeviceKind::Camera:
            return "camera";
        case DeviceKind::Storage:
            return "storage";
        case DeviceKind::Router:
            return "router";
        case DeviceKind::Appliance:
            return "appliance";
        case DeviceKind::Unknown:
            break;
    }
    return "unknown";
}

std::string_view evidence_text(KindEvidence evidence) {
    switch (evidence) {
        case KindEvidence::Model:
            return "model";
        case KindEvidence::Service:
            return "service";
        case KindEvidence::Name:
            return "name";
        case KindEvidence::VendorClass:
            return "vendor_class";
        case KindEvidence::Vendor:
            return "vendor";
        case KindEvidence::None:
            break;
    }
    return "none";
}

}  // namespace sporvakt::devices
