import Foundation
import Sweep
import SweepFile
import Testing

@Suite("The folder sweeps/")
struct SweepsFolderTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("../../sweeps").standardizedFileURL

  private static let points: [String: Int] = [
    "quickstart": 10, "two-latents": 80, "three-latents": 40, "four-latents": 100,
    "eight-and-sixteen-latents": 80, "hidden-by-latent": 60, "known-keras": 20,
    "known-pytorch": 10,
  ]

  @Test("holds the files that are counted here and no other")
  func listing() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(files.sorted() == Self.points.keys.map { "\($0).yaml" }.sorted())
  }

  @Test("has in each file as many points as its comment says", arguments: points.keys.sorted())
  func counts(name: String) throws {
    let path = Self.folder.appendingPathComponent("\(name).yaml").path
    let sweep = try SweepFile.load(path: path)
    #expect(sweep.name == name)
    #expect(sweep.dataset == "mnist")
    #expect(sweep.grid.count() == Grid.Count(points: try #require(Self.points[name])))
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("# "))
  }
}
