import Study
import Sweep
import Tables
import TestSupport
import Testing
import VAE

@Suite("Tables below an outcome")
struct DetailExportTests {
  private func outcome(sampling: Bool = true, total: Double? = 100) throws -> Outcome {
    let configuration = try Configuration(
      architecture: Architecture(parsing: "784-256-3"), [.sampling: .bool(sampling)])
    return RunFixture.outcome(
      Point(configuration: configuration, seeds: Seeds(7)), total: total, collapsed: 1)
  }

  @Test("have a line for each latent, with its outcome's key, configuration and seeds")
  func latents() throws {
    let export = DetailExport(.latents, .csv)
    let names = export.header.dropLast().split(separator: ",").map(String.init)
    #expect(
      names.suffix(8) == [
        "latent", "var_mu", "mean_sigma2", "kl", "gain", "mean_mu", "aggregate_variance",
        "collapsed",
      ])
    let lines = export.lines(try outcome()).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasSuffix(",ok,0,0.001,0.5,2,10,0,0.501,true"))
    #expect(lines[1].hasSuffix(",ok,1,1,0.5,2,10,0,1.5,false"))
    #expect(lines[0].contains(",784-256-3,[256],3,true,"))
    #expect(lines[0].contains(",7,7,7,7,ok,"))
    // Without sampling nothing collapses; a run that diverged has no latents.
    #expect(try export.lines(outcome(sampling: false)).contains(",ok,0,0.001,0.5,2,10,0,0.501,\n"))
    #expect(try export.lines(outcome(total: nil)).isEmpty)
  }

  @Test("have a line for each epoch, as JSON too")
  func epochs() throws {
    let lines = DetailExport(.epochs, .csv).lines(try outcome()).split(separator: "\n")
    #expect(lines.count == 1)
    #expect(lines[0].hasSuffix(",ok,1,102,100,95,5,94"))
    let json = DetailExport(.epochs, .jsonl)
    #expect(json.header.isEmpty)
    #expect(
      try json.lines(outcome()).hasSuffix(
        "\"epoch\":1,\"train_running_total\":102,\"test_total\":100,\"test_reconstruction\":95,\"test_kl\":5,\"test_reconstruction_at_mean\":94}\n"
      ))
  }

  @Test("of comparisons adjust q for every question about every pair")
  func comparisons() throws {
    let grid = try RunFixture.grid(["784-256-2", "784-256-4", "784-32-8"], seeds: 12)
    var planned: [Grid.PlannedConfiguration] = []
    grid.forEachConfiguration {
      planned.append($0)
      return true
    }
    var runs = RunCollection(planned: planned)
    for (index, point) in grid.points {
      runs.add(
        RunFixture.outcome(
          point, total: 100 + Double(index % 3) + Double(index * 7 % 11) / 10,
          collapsed: index % 2))
    }
    let family = ComparisonFamily(runs.all, resampling: Resampling(replicates: 199, seed: 1))
    let comparisons = family.comparisons
    #expect(comparisons.count == 3)
    let lines = ComparisonExport(family, .csv).text.split(separator: "\n")
    #expect(lines[0].hasPrefix("comparison,metric,effect,estimate,ci95_low,ci95_high,test,p,q,"))
    // Five questions about each pair of unlike architectures.
    #expect(lines.count == 16)
    #expect(ComparisonExport(family, .jsonl).text.split(separator: "\n").count == 15)
    let p = comparisons.flatMap { comparison in
      [.mean, .order, .spread, .anyCollapse, .collapsedCount].map { comparison.pValue($0) }
    }
    let q = MultipleTests.benjaminiHochberg(p)
    for (line, q) in zip(lines.dropFirst(), q) {
      #expect(line.contains(",\(JSONValue(q).compact),"))
    }
    #expect(family.scarceWords == nil)
    #expect(ComparisonExport(ComparisonFamily([]), .csv).text.isEmpty)
  }
}
