import Foundation
import Sweep
import SweepFile
import Testing
import VAE

/// `VAESWEEP_GRIDS=100000` reads that many files (4,000 where nothing is said).
@Suite("A random sweep file")
struct RandomGridTests {
  /// Files in all, shared by the parts that run side by side.
  private static let files =
    ProcessInfo.processInfo.environment["VAESWEEP_GRIDS"].flatMap(Int.init) ?? 4_000
  private static let parts = 8

  @Test("has the points that its rules give when they are listed one by one", arguments: 0..<parts)
  func points(part: Int) throws {
    var empty = 0
    var kinds: Set<String> = []
    for number in stride(from: part, to: Self.files, by: Self.parts) {
      let file = try RandomGridFile(seed: UInt64(number))
      let brute = try BruteForceGrid(file.blocks, train: file.train)
      guard !brute.points.isEmpty else {
        empty += 1
        let error = #expect(throws: SweepFileError.self, "file \(number)") {
          try SweepFile.parse(yaml: file.yaml, file: "x.yaml")
        }
        #expect(error?.message == "exclude: leaves no point of the grid", "file \(number)")
        continue
      }
      let grid = try SweepFile.parse(yaml: file.yaml, file: "x.yaml").grid
      let isSound =
        grid.steps == brute.steps && Self.agrees(grid, brute)
      #expect(isSound, "file \(number): \(grid.steps), not \(brute.steps)\n\(file.yaml)")
      if !isSound { return }
      kinds.formUnion(Self.kinds(brute.steps))
    }
    // What is never drawn is never tested.
    #expect(kinds == ["zip", "when", "exclude", "include", "duplicates"])
    #expect(empty > 0 && empty < Self.files / Self.parts / 2)
  }

  private static func kinds(_ steps: Grid.Steps) -> [String] {
    var kinds: [String] = []
    if steps.zip > steps.grid { kinds.append("zip") }
    if steps.when > steps.zip { kinds.append("when") }
    if steps.excluded > 0 { kinds.append("exclude") }
    if steps.included > 0 { kinds.append("include") }
    if steps.duplicates > 0 { kinds.append("duplicates") }
    return kinds
  }

  /// Index to point and back, and the counts of each configuration.
  private static func agrees(_ grid: Grid, _ brute: BruteForceGrid) -> Bool {
    let steps = brute.steps
    guard grid.positions == steps.when + steps.included else { return false }
    var lookup = GridLookup(grid)
    var found: Set<Point> = []
    for index in 0..<grid.positions {
      let point = grid.point(at: index)
      guard lookup.point(at: index) == point else { return false }
      guard let point else { continue }
      guard found.insert(point).inserted, lookup.index(of: point) == index else { return false }
    }
    guard found == brute.points else { return false }
    for point in brute.excluded.subtracting(brute.points) where grid.index(of: point) != nil {
      return false
    }
    let byConfiguration = Dictionary(grouping: found, by: \.configuration)
    var sum = Grid.Count()
    var agree = true
    grid.forEachConfiguration(includingEmpty: true) { planned in
      sum.points += planned.points
      sum.excluded += planned.excluded
      sum.duplicates += planned.duplicates
      agree = agree && planned.points == byConfiguration[planned.configuration]?.count ?? 0
      if grid.hasSharedSeeds {
        let seeds = Set((byConfiguration[planned.configuration] ?? []).map(\.seeds.order))
        agree =
          agree && Set(grid.seeds(of: planned.configuration)) == seeds
          && grid.seedRanges(of: planned.configuration)?.count == seeds.count
      }
      return true
    }
    return agree && sum == grid.count()
  }
}
