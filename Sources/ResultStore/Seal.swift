internal import Crypto
internal import GRDB
internal import GRDBSQLite

/// Gathers the values of a row, in their order: kind, length and bytes of each, none of which can stand
/// for another row's.
struct Seal {
  private var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func addNull() { bytes.append(0) }

  mutating func add(_ number: Int64) {
    bytes.append(1)
    add(UInt64(bitPattern: number))
  }

  mutating func add(_ number: Double) {
    bytes.append(2)
    // SQLite may keep a negative zero as zero.
    add(number == 0 ? 0 : number.bitPattern)
  }

  mutating func add(text: UnsafeRawBufferPointer) {
    bytes.append(3)
    add(UInt64(text.count))
    bytes += text
  }

  mutating func add(blob: UnsafeRawBufferPointer) {
    bytes.append(4)
    add(UInt64(blob.count))
    bytes += blob
  }

  private mutating func add(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
  }

  /// The head of the SHA-256: only chance has to be kept out.
  var value: Int64 {
    bytes.withUnsafeBytes { SHA256.hash(data: $0) }.withUnsafeBytes {
      Int64(bigEndian: $0.loadUnaligned(as: Int64.self))
    }
  }
}

extension Database {
  /// Makes the functions that seals need known; every connection to a store has them.
  ///
  /// By SQLite's own interface: a check of 100,000 outcomes calls them millions of times.
  func addSealing() throws {
    try add(Seals.function, -1) { context, count, values in
      var seal = Seal(capacity: 32 * Int(count))
      for place in 0..<Int(count) {
        guard let value = values?[place] else { continue }
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: seal.add(sqlite3_value_int64(value))
        case SQLITE_FLOAT: seal.add(sqlite3_value_double(value))
        case SQLITE_TEXT:
          let text = sqlite3_value_text(value)
          seal.add(
            text: UnsafeRawBufferPointer(start: text, count: Int(sqlite3_value_bytes(value))))
        case SQLITE_BLOB: seal.add(blob: blob(value))
        default: seal.addNull()
        }
      }
      sqlite3_result_int64(context, seal.value)
    }
    try add(Seals.digestFunction, 1) { context, _, values in
      guard let value = values?[0] else { return }
      var digest = Array(SHA256.hash(data: blob(value)))
      sqlite3_result_blob(context, &digest, Int32(digest.count), transient)
    }
  }

  private func add(
    _ name: String, _ arguments: Int32,
    _ body:
      @escaping @convention(c) (
        OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?
      ) -> Void
  ) throws {
    let code = sqlite3_create_function_v2(
      sqliteConnection, name, arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil, body, nil, nil,
      nil)
    guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
  }
}

/// SQLite makes its own copy before the call returns.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

private func blob(_ value: OpaquePointer) -> UnsafeRawBufferPointer {
  let start = sqlite3_value_blob(value)
  return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
}
