package import Sweep
package import Wire

/// How an outbox lies on the disk: a log of results kept and results settled.
///
/// "VAEOUT", version 1 in two bytes; then records: the payload's length (four bytes, little-endian),
/// a byte of kind, the payload, the SHA-256 of all that in hexadecimal. A result is the frame that
/// delivers it; what is settled is named by epoch, counter and start, eight bytes each, little-endian.
package enum OutboxLog {
  package static let header: [UInt8] = Array("VAEOUT".utf8) + [0, 1]
  private static let kept: UInt8 = 1
  private static let settled: UInt8 = 2
  private static let overhead = 4 + 1 + 64

  /// What can be read of a log, and how many places of it cannot.
  package struct Content: Sendable {
    package var reports: [AttemptID: AttemptReport] = [:]
    package var damaged = 0
  }

  /// The record that keeps a result.
  package static func record(keeping report: AttemptReport) throws(WireError) -> [UInt8] {
    record(kept, try Frame.encode(ToCoordinator.worker(report.message)))
  }

  package static func record(settling attempt: AttemptID) -> [UInt8] {
    var payload: [UInt8] = []
    for word in [attempt.epoch, attempt.counter, attempt.start] {
      for shift in 0..<8 { payload.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(shift)))) }
    }
    return record(settled, payload)
  }

  /// Reads a log, whatever its bytes: what is damaged is left out and counted.
  package static func read(_ bytes: [UInt8]) -> Content {
    var content = Content()
    guard bytes.starts(with: header) else {
      content.damaged = bytes.isEmpty ? 0 : 1
      return content
    }
    var place = header.count
    while place < bytes.count {
      guard bytes.count - place >= overhead else {
        content.damaged += 1
        break
      }
      let length = bytes[place..<(place + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length <= Frame.largest, bytes.count - place - overhead >= length else {
        content.damaged += 1
        break
      }
      let end = place + 5 + length
      let sum = Digest(of: Array(bytes[place..<end]))
      if sum.hex.utf8.elementsEqual(bytes[end..<(end + 64)]) {
        read(bytes[place + 4], Array(bytes[(place + 5)..<end]), &content)
      } else {
        content.damaged += 1
      }
      place = end + 64
    }
    return content
  }

  private static func read(_ kind: UInt8, _ payload: [UInt8], _ content: inout Content) {
    switch kind {
    case kept:
      // What its checksum covers and no version can read is counted, and told with the rest.
      guard let envelopes = try? Frame.decode(payload, as: ToCoordinator.self),
        envelopes.count == 1, case .worker(let message)? = envelopes.first?.message,
        let report = AttemptReport(message)
      else {
        content.damaged += 1
        return
      }
      content.reports[report.attempt] = report
    case settled where payload.count == 24:
      let words = stride(from: 0, to: 24, by: 8).map { place in
        payload[place..<(place + 8)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      }
      content.reports[AttemptID(epoch: words[0], counter: words[1], start: words[2])] = nil
    default: content.damaged += 1
    }
  }

  private static func record(_ kind: UInt8, _ payload: [UInt8]) -> [UInt8] {
    let length = UInt32(payload.count)
    var record = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * UInt32($0))) }
    record.append(kind)
    record += payload
    return record + Array(Digest(of: record).hex.utf8)
  }
}
