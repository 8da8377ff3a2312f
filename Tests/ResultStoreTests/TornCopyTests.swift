import Foundation
import ResultStore
import Sweep
import TestSupport
import Testing

@Suite("A file that holds part of a transaction")
struct TornCopyTests {
  private let folder: TemporaryFolder
  private let before: Data
  private let after: Data
  /// Pages that the transaction wrote, in the order of the file.
  private let written: [Int]
  private let pageSize = 4096
  /// What a whole file may hold.
  private let results: Set<Set<PointKey>>

  init() throws {
    folder = try TemporaryFolder()
    let path = folder.file()
    let points = try (0..<12).map { try Fixture.point($0) }
    func read() throws -> Set<PointKey> {
      Set(try StoreReader(path: path).outcomes().map(\.outcome.key))
    }
    var open: OpenStore? = try OpenStore(path)
    for (counter, point) in points.enumerated() {
      _ = try open?.store.commit([open?.grant(UInt64(counter), point)].compactMap(\.self))
    }
    for counter in 0..<8 { try Self.deliver(counter, points, open) }
    before = try Data(contentsOf: URL(filePath: path))
    let first = try read()
    for counter in 8..<12 { try Self.deliver(counter, points, open) }
    after = try Data(contentsOf: URL(filePath: path))
    results = [first, try read()]
    open = nil
    let (old, new, size) = (before, after, pageSize)
    written = (0..<(after.count / size)).filter { page in
      let range = (page * size)..<((page + 1) * size)
      return range.upperBound > old.count || old[range] != new[range]
    }
  }

  private static func deliver(_ counter: Int, _ points: [Point], _ open: OpenStore?) throws {
    let outcome = Fixture.completed(points[counter])
    _ = try open?.store.commit([open?.deliver(UInt64(counter), outcome)].compactMap(\.self))
  }

  /// What a reader and a coordinator find in a file with these bytes: whole, or refused.
  private func check(_ bytes: Data, _ name: String) throws {
    let path = folder.file(name)
    try bytes.write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    do throws(StoreError) {
      let keys = Set(try StoreReader(path: path).outcomes().map(\.outcome.key))
      #expect(results.contains(keys), "\(name) is read as \(keys.count) outcomes")
    } catch {
      #expect([.damaged, .notAStore].contains(error.kind), "\(name): \(error)")
    }
    do throws(StoreError) {
      let store = try ResultStore(path: path, identity: Fixture.identity)
      var count = 0
      _ = try store.recover { _ in count += 1 }
      #expect(results.map(\.count).contains(count), "\(name) is recovered with \(count) outcomes")
    } catch {
      #expect([.damaged, .notAStore].contains(error.kind), "\(name): \(error)")
    }
  }

  private func page(_ number: Int, of data: Data) -> Data? {
    let range = (number * pageSize)..<((number + 1) * pageSize)
    return range.upperBound <= data.count ? data[range] : nil
  }

  @Test("is refused or whole, after whichever page write it was copied")
  func torn() throws {
    #expect(written.count > 4)
    var bytes = before
    for (count, number) in written.enumerated() {
      if bytes.count < (number + 1) * pageSize {
        bytes.append(Data(count: (number + 1) * pageSize - bytes.count))
      }
      if let new = page(number, of: after) {
        bytes.replaceSubrange((number * pageSize)..<((number + 1) * pageSize), with: new)
      }
      try check(bytes, "torn-\(count)")
    }
  }

  @Test("is refused or whole, whichever page write the disk lost")
  func lost() throws {
    for number in written {
      var bytes = after
      let old = page(number, of: before) ?? Data(count: pageSize)
      bytes.replaceSubrange((number * pageSize)..<((number + 1) * pageSize), with: old)
      try check(bytes, "lost-\(number)")
    }
  }
}
