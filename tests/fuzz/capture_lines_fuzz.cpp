// Captures, plain and compressed: whatever the bytes, they are refused with BadInput or give events in order, of
// instruments that there are.
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cstdlib>

#include "adapters/binance/capture_source.h"
#include "engine/core/errors.h"
#include "replay/key_order.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace hftsim::fuzz {
namespace {

using namespace binance;

void require(bool holds) {
  if (!holds) std::abort();
}

void read_all(const std::filesystem::path& path, const CaptureSurvey& survey, EventOrder order) {
  try {
    CaptureSource source({&path, 1}, survey, {.order = order, .window_ns = 1'000'000'000});
    std::array<Event, 64> events;
    EventKey before{INT64_MIN, 0, 0, 0};
    while (const std::size_t count = source.read(events)) {
      for (const Event& event : std::span(events).first(count)) {
        require(event.instrument < source.instruments().size());
        require(!(key_of(event, order) < before));
        before = key_of(event, order);
      }
    }
  } catch (const BadInput&) {
  }
}

std::string gzip_of(const std::string& text) {
  std::string packed(text.size() + 128, '\0');
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd_of(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
  return packed;
}

}  // namespace

std::vector<std::string> seeds() {
  const std::string usdm =
      R"(1700000000000000001 {"e":"depthUpdate","E":1700000000002,"T":1700000000001,"s":"BTCUSDT","U":1,"u":5,"pu":0,"b":[["5.2","0.1"]],"a":[]}
1700000000000000002 {"lastUpdateId":4,"E":1700000000001,"T":1700000000001,"bids":[["5.1","1"]],"asks":[["5.3","1"]]}
1700000000000000003 {"stream":"x@trade","data":{"e":"trade","E":1700000000003,"T":1700000000002,"s":"BTCUSDT","t":5,"p":"5.3","q":"1","X":"MARKET","m":true}}
1700000000000000004 {"e":"depthUpdate","E":1700000000004,"T":1700000000003,"s":"BTCUSDT","U":9,"u":9,"pu":8,"b":[],"a":[["5.4","2"]]}
)";
  const std::string spot =
      R"(1700000000000000001 {"u":3,"s":"BTCUSDT","b":"5.2","B":"1","a":"5.3","A":"1"}
1700000000000000002 {"e":"depthUpdate","E":1700000000001,"s":"BTCUSDT","U":1,"u":5,"b":[["5.2","0.1"]],"a":[]}
1700000000000000003 {"lastUpdateId":6,"bids":[["5.1","1"]],"asks":[]}
1700000000000000004 {"e":"depthUpdate","E":1700000000002,"s":"BTCUSDT","U":6,"u":8,"b":[],"a":[["5.5","1"]]}
)";
  const std::string pair =
      R"(wss://fstream.binance.com/stream?streams=a@b <-> 1700000000.5

1700000000.51: {"e":"aggTrade","E":1700000000001,"a":1,"s":"ETHUSDT","p":"5","q":"1","f":1,"l":2,"T":1700000000000,"m":false}
https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT&limit=5 -> 1700000000.6: {"lastUpdateId":4,"E":1700000000001,"T":1700000000001,"bids":[],"asks":[]}
)";
  return {usdm, spot, pair, gzip_of(usdm), zstd_of(spot), gzip_of(usdm) + gzip_of(usdm)};
}

void run(std::span<const std::uint8_t> input) {
  const InputFile file("capture", input);
  const std::filesystem::path path = file.path();
  for (const std::uint64_t lines : {std::uint64_t{2}, UINT64_MAX}) {
    try {
      const CaptureSurvey survey = survey_captures({&path, 1}, "", lines);
      for (const EventOrder order : {EventOrder::exchange, EventOrder::receive})
        read_all(path, survey, order);
    } catch (const BadInput&) {
    }
  }
}

}  // namespace hftsim::fuzz
