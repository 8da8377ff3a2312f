import Foundation
import Report
import TestSupport
import Testing

@Suite("The report in a browser")
struct ReportBrowserTests {
  private struct SelfTest: Decodable {
    let images: Int
    let broken: [String]
    let charts: Int
    let empty: [String]
    let clouds: Int
    let blank: [String]
    let players: Int
    let still: [String]
    let wide: [String]
    let requests: [String]
    let faults: [String]
    let overflow: Bool
  }

  private func visit(_ files: [ReportFile]) throws -> (SelfTest, Browser.Visit) {
    let folder = try TestSupport.TemporaryFolder()
    try ReportFolder(folder["report"]).write(files)
    let visit = try Browser.visit("file://\(folder["report"])/index.html#selftest", in: folder)
    let match = try #require(
      visit.document.firstMatch(of: /<pre id="selftest">(.*?)<\/pre>/),
      "the page wrote no result; the browser said: \(visit.errors.suffix(2000))")
    let text = String(match.1).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&amp;", with: "&")
    return (try JSONDecoder().decode(SelfTest.self, from: Data(text.utf8)), visit)
  }

  @Test(
    "draws every picture, turns and plays them, asks the network for nothing and reports no error",
    Requirement.program(Browser.program))
  func works() throws {
    let fixture = try ReportFixture()
    let files = try fixture.report().files()
    let (result, visit) = try visit(files)
    #expect(result.faults == [])
    #expect(visit.console == [])
    #expect(result.requests == [])
    // Twelve sheets of decoded images, and the originals above twelve rows of reconstructions.
    #expect(result.images == 12 + 13)
    #expect(result.broken == [])
    // All that the page holds, but for the two clouds, whose canvas stands in their place.
    let page = String(decoding: try #require(files.first).bytes, as: UTF8.self)
    #expect(result.charts == page.matches(of: /<svg class="chart"/).count - 2)
    #expect(result.charts > 52)
    #expect(result.empty == [])
    #expect(result.clouds == 2)
    #expect(result.blank == [])
    #expect(result.players == 4)
    #expect(result.still == [])
    #expect(!result.overflow)
    #expect(result.wide == [])
  }

  @Test(
    "runs no script and draws no element that a name in the store brings along",
    Requirement.program(Browser.program))
  func injection() throws {
    let name = "</title></script><img src=x onerror=\"document.title='taken'\"><svg onload='x()'>"
    let fixture = try ReportFixture(name: name, architectures: ["784-256-2"])
    let (result, visit) = try visit(fixture.report().files())
    #expect(result.faults == [])
    #expect(visit.console == [])
    #expect(!visit.document.contains("<img src=x"))
    #expect(!visit.document.contains("<svg onload"))
    #expect(!visit.document.contains("<title>taken"))
    #expect(visit.document.contains("&lt;img src=x"))
  }
}
