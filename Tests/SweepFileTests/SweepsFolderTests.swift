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
    "known-pytorch": 10, "claims": 300, "seed-variance": 150, "remedies": 280, "perturbation": 450,
    "claims-2": 234, "claims-3": 740, "known-iwae": 4,
  ]
  /// Positions that `exclude:` leaves out.
  private static let excluded = ["claims": 600]

  @Test(
    "holds the files that are counted here, their schema, the README and its pictures, and no other"
  )
  func listing() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let others = ["README.md", "pictures", "schema.json"]
    #expect(
      files.filter { !others.contains($0) }.sorted()
        == Self.points.keys.map { "\($0).yaml" }.sorted())
  }

  @Test("has in each file as many points as its comment says", arguments: points.keys.sorted())
  func counts(name: String) throws {
    let path = Self.folder.appendingPathComponent("\(name).yaml").path
    let sweep = try SweepFile.load(path: path)
    #expect(sweep.name == name)
    #expect(sweep.dataset == "mnist")
    let points = try #require(Self.points[name])
    #expect(
      sweep.grid.count() == Grid.Count(points: points, excluded: Self.excluded[name] ?? 0))
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("# "))
  }
}
