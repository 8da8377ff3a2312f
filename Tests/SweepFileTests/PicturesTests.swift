import Sweep
import SweepFile
import Testing
import VAE

@Suite("pictures: in a sweep file")
struct PicturesTests {
  private func parse(_ pictures: String) throws(SweepFileError) -> SweepDefinition {
    try SweepFile.parse(
      yaml: "name: x\ngrid:\n  architecture: 784-256-2\n  seed: 0..9\n\(pictures)", file: "x.yaml")
  }

  @Test(
    "is a list of kinds, or kinds and seeds",
    arguments: [
      ("", ArtifactPlan.none),
      ("pictures:\n", .none),
      ("pictures: []\n", .none),
      ("pictures: all\n", ArtifactPlan(pictures: Set(PictureKind.allCases))),
      (
        "pictures: [codes, samples]\n",
        ArtifactPlan(pictures: [.codes, .samples], seeds: .first(5))
      ),
      ("pictures: {kinds: all}\n", ArtifactPlan(pictures: Set(PictureKind.allCases))),
      (
        "pictures:\n  kinds: [reconstructions]\n  seeds: 2\n",
        ArtifactPlan(pictures: [.reconstructions], seeds: .first(2))
      ),
      (
        "pictures: {seeds: all, kinds: [trajectories]}\n",
        ArtifactPlan(pictures: [.trajectories], seeds: .all)
      ),
    ])
  func forms(written: String, plan: ArtifactPlan) throws {
    #expect(try parse(written).artifacts == plan)
  }

  @Test("changes neither the definition's digest nor any key")
  func digest() throws {
    let without = try parse("")
    let with = try parse("pictures: [codes]\n")
    #expect(without.definitionDigest == with.definitionDigest)
    #expect(without.grid == with.grid)
    #expect(without != with)
  }

  @Test(
    "that is faulty gives one line",
    arguments: [
      FaultyFile(
        after: "pictures: [codes, sample]\n",
        "x.yaml:5: pictures: sample is not accepted: it must be one of codes, samples, "
          + "reconstructions, trajectories (did you mean samples?)"),
      FaultyFile(
        after: "pictures:\n  - codes\n  - codes\n",
        "x.yaml:7: pictures: codes stands twice in the list"),
      FaultyFile(
        after: "pictures: codes\n",
        "x.yaml:5: pictures: codes is not accepted: it must be all or a list of codes, samples, "
          + "reconstructions, trajectories"),
      FaultyFile(
        after: "pictures: {seeds: 3}\n",
        "x.yaml:5: pictures: has no kinds: give kinds: all or a list of codes, samples, "
          + "reconstructions, trajectories"),
      FaultyFile(
        after: "pictures:\n  kinds: all\n  seeds: 0\n",
        "x.yaml:7: seeds: 0 is not accepted: it must be all or how many of the first seeds, "
          + "a whole number from 1"),
      FaultyFile(
        after: "pictures:\n  kinds: all\n  seeds: 0..4\n",
        "x.yaml:7: seeds: 0..4 is not accepted: it must be all or how many of the first seeds, "
          + "a whole number from 1"),
      FaultyFile(
        after: "pictures:\n  kind: all\n",
        "x.yaml:6: kind: unknown key under pictures: (did you mean kinds?)"),
      FaultyFile(
        after: "pictures: [[codes]]\n",
        "x.yaml:5: pictures: [codes] is not accepted: it must be one of codes, samples, "
          + "reconstructions, trajectories (did you mean codes?)"),
    ])
  func faults(file: FaultyFile) {
    let error = #expect(throws: SweepFileError.self) {
      try SweepFile.parse(yaml: file.yaml, file: "x.yaml")
    }
    #expect(error?.description == file.line)
  }
}
