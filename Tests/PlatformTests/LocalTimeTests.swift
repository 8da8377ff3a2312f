import Foundation
import Platform
import Testing

@Suite("Times in logs")
struct LocalTimeTests {
  @Test(
    "are RFC 3339 with the zone's offset",
    arguments: [0, 951_827_696, 1_763_856_000, 4_102_444_799])
  func text(seconds: Int) throws {
    let text = LocalTime.text(seconds)
    #expect(text.utf8.count == "2026-11-28T19:00:00+00:00".utf8.count)
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withColonSeparatorInTimeZone]
    #expect(formatter.date(from: text) == Date(timeIntervalSince1970: Double(seconds)))
    #expect(!text.hasSuffix("Z"))
  }

  @Test("follow the zone")
  func zone() throws {
    // In a process of its own: the zone is the whole process's.
    let date = Process()
    date.executableURL = URL(filePath: "/bin/date")
    date.arguments = ["+%:z"]
    let pipe = Foundation.Pipe()
    date.standardOutput = pipe
    try date.run()
    let offset = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    date.waitUntilExit()
    #expect(LocalTime.now.hasSuffix(offset.trimmingCharacters(in: .whitespacesAndNewlines)))
  }
}
