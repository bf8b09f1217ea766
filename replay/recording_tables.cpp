#include "replay/recording_tables.h"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <set>

#include "engine/core/errors.h"
#include "replay/recording_generated.h"

namespace hftsim {
namespace {

namespace fb = recording;

// The schema's struct is the engine's event: read in place, in both directions.
static_assert(sizeof(fb::Event) == sizeof(Event));
static_assert(offsetof(Event, ts_ns) == 0 && offsetof(Event, recv_ns) == 8 && offsetof(Event, trades) == 16 &&
              offsetof(Event, instrument) == 20 && offsetof(Event, kind) == 22 &&
              offsetof(Event, flags) == 23 && offsetof(Event, bar) == 24);
static_assert(sizeof(SessionMarkBody) == 40 && offsetof(SessionMarkBody, stream) == 4);
static_assert(static_cast<int>(fb::Kind::session_mark) == static_cast<int>(EventKind::session_mark) &&
              static_cast<int>(fb::Kind::book_change) == static_cast<int>(EventKind::book_change) &&
              static_cast<int>(fb::Kind::quote) == static_cast<int>(EventKind::quote) &&
              static_cast<int>(fb::Kind::trade) == static_cast<int>(EventKind::trade) &&
              static_cast<int>(fb::Kind::bar) == static_cast<int>(EventKind::bar));
static_assert(sizeof(fb::IndexEntry) == sizeof(RecordingIndexEntry));

constexpr const char* kHeaderIdentifier = "HFRH";
constexpr const char* kEventsIdentifier = "HFRE";
constexpr const char* kIndexIdentifier = "HFRI";

bool is_amount(double value) {
  return std::isfinite(value) && value >= 0;
}

bool is_step(const DecimalStep& step) {
  return step.units > 0 && step.decimals >= 0 && step.decimals <= kDecimalsMax;
}

std::string fault_of_instrument(const Instrument& instrument) {
  if (instrument.symbol.empty()) return "an instrument without a symbol";
  if (!is_step(instrument.price_step) || !is_step(instrument.quantity_step)) {
    return instrument.symbol + " with a step that is none";
  }
  const bool fine = is_amount(instrument.tick_size) && is_amount(instrument.lot_size) &&
                    is_amount(instrument.min_notional) && instrument.bar_interval.value >= 0;
  return fine ? "" : instrument.symbol + " with a negative or infinite size";
}

std::string fault_of_instruments(std::span<const Instrument> instruments) {
  if (instruments.size() > std::numeric_limits<InstrumentId>::max()) {
    return std::to_string(instruments.size()) + " instruments";
  }
  std::set<std::string_view> symbols;
  for (const Instrument& instrument : instruments) {
    if (const std::string fault = fault_of_instrument(instrument); !fault.empty()) return fault;
    if (!symbols.insert(instrument.symbol).second) return instrument.symbol + " twice";
  }
  return "";
}

template <class Table>
const Table* verified(std::span<const std::byte> payload, const char* identifier) {
  if (payload.size() < 8) return nullptr;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(payload.data());
  flatbuffers::Verifier verifier(bytes, payload.size(), 16, 4'000'000);
  if (!verifier.VerifyBuffer<Table>(identifier)) return nullptr;
  return flatbuffers::GetRoot<Table>(bytes);
}

std::vector<std::byte> finished(flatbuffers::FlatBufferBuilder& builder) {
  const auto* bytes = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
  return {bytes, bytes + builder.GetSize()};
}

flatbuffers::Offset<fb::Instrument> encode(flatbuffers::FlatBufferBuilder& builder,
                                           const Instrument& instrument) {
  const fb::DecimalStep price(instrument.price_step.units, instrument.price_step.decimals);
  const fb::DecimalStep quantity(instrument.quantity_step.units, instrument.quantity_step.decimals);
  return fb::CreateInstrument(builder, builder.CreateString(instrument.symbol), &price, &quantity,
                              instrument.tick_size, instrument.lot_size, instrument.min_notional,
                              instrument.bar_interval.value);
}

Instrument decode(const fb::Instrument& table) {
  Instrument instrument;
  instrument.symbol = table.symbol()->str();
  instrument.price_step = {table.price_step()->units(), table.price_step()->decimals()};
  instrument.quantity_step = {table.quantity_step()->units(), table.quantity_step()->decimals()};
  instrument.tick_size = table.tick_size();
  instrument.lot_size = table.lot_size();
  instrument.min_notional = table.min_notional();
  instrument.bar_interval = Duration(table.bar_interval_ns());
  return instrument;
}

}  // namespace

void check_instruments(std::span<const Instrument> instruments, const std::string& place) {
  const std::string fault = fault_of_instruments(instruments);
  if (!fault.empty())
    throw BadInput(place, fault, "up to 65535 instruments, each with a name of its own and steps above 0");
}

std::vector<std::byte> encode(const RecordingHeader& header) {
  flatbuffers::FlatBufferBuilder builder;
  std::vector<flatbuffers::Offset<fb::Instrument>> instruments;
  for (const Instrument& instrument : header.instruments) instruments.push_back(encode(builder, instrument));
  const auto table = builder.CreateVector(instruments);
  const auto source = builder.CreateString(header.source);
  const auto created_by = builder.CreateString(header.created_by);
  builder.Finish(fb::CreateHeader(builder, table, static_cast<fb::Order>(header.order),
                                  header.recv_correction_ns, source, created_by),
                 kHeaderIdentifier);
  return finished(builder);
}

std::vector<std::byte> encode(const RecordingIndex& index) {
  flatbuffers::FlatBufferBuilder builder(index.entries.size() * sizeof(RecordingIndexEntry) + 1024);
  const auto* entries = reinterpret_cast<const fb::IndexEntry*>(index.entries.data());
  const auto entries_vector = builder.CreateVectorOfStructs(entries, index.entries.size());
  const auto headers = builder.CreateVector(index.header_offsets);
  const auto counts = builder.CreateVector(index.kind_counts.data(), index.kind_counts.size());
  builder.Finish(fb::CreateIndex(builder, entries_vector, headers, counts), kIndexIdentifier);
  return finished(builder);
}

std::string decode(std::span<const std::byte> payload, RecordingHeader& header) {
  const auto* table = verified<fb::Header>(payload, kHeaderIdentifier);
  if (table == nullptr) return "it holds no header";
  if (table->order() > fb::Order::receive) return "an order that there is not";
  header = {};
  for (const fb::Instrument* instrument : *table->instruments())
    header.instruments.push_back(decode(*instrument));
  header.order = static_cast<EventOrder>(table->order());
  header.recv_correction_ns = table->recv_correction_ns();
  header.source = table->source() == nullptr ? "" : table->source()->str();
  header.created_by = table->created_by() == nullptr ? "" : table->created_by()->str();
  return fault_of_instruments(header.instruments);
}

std::string decode(std::span<const std::byte> payload, RecordingIndex& index) {
  const auto* table = verified<fb::Index>(payload, kIndexIdentifier);
  if (table == nullptr) return "it holds no index";
  if (table->kind_counts()->size() != kEventKindCount) return "it counts other kinds";
  index.entries.resize(table->entries()->size());
  if (!index.entries.empty()) {
    std::memcpy(index.entries.data(), table->entries()->Data(),
                index.entries.size() * sizeof(RecordingIndexEntry));
  }
  index.header_offsets.assign(table->header_offsets()->begin(), table->header_offsets()->end());
  for (std::uint32_t k = 0; k < kEventKindCount; ++k) index.kind_counts[k] = table->kind_counts()->Get(k);
  return "";
}

// A builder would write from the end and copy every event once more. Vtable at 40, table at 48, length at 60.
void write_events_prologue(std::span<std::byte, kEventsPrologueBytes> prologue, std::uint32_t count) {
  constexpr std::uint32_t kVtable = 40, kTable = 48, kLength = 60;
  constexpr std::uint16_t kVtableWords[] = {6, 8,
                                            4};  // its bytes, the table's bytes, where `events` is in it
  constexpr std::uint32_t kTableWords[] = {kTable - kVtable, kLength - (kTable + 4)};
  std::memset(prologue.data(), 0, prologue.size());
  std::memcpy(prologue.data(), &kTable, sizeof kTable);
  std::memcpy(prologue.data() + 4, kEventsIdentifier, 4);
  std::memcpy(prologue.data() + kVtable, kVtableWords, sizeof kVtableWords);
  std::memcpy(prologue.data() + kTable, kTableWords, sizeof kTableWords);
  std::memcpy(prologue.data() + kLength, &count, sizeof count);
}

std::string events_in(std::span<const std::byte> payload, std::uint32_t count,
                      std::span<const Event>& events) {
  const auto* table = verified<fb::EventBlock>(payload, kEventsIdentifier);
  if (table == nullptr) return "it holds no events";
  const std::uint8_t* data = table->events()->Data();
  if (table->events()->size() != count) return fmt::format("{} events in it", table->events()->size());
  if (reinterpret_cast<std::uintptr_t>(data) % kRecordingAlignment != 0)
    return "its events begin on no 64-byte boundary";
  events = {reinterpret_cast<const Event*>(data), count};
  return "";
}

}  // namespace hftsim
