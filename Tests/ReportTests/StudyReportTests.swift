import Foundation
import Report
import Study
import Sweep
import TestSupport
import Testing
import VAE

@Suite("The report")
struct StudyReportTests {
  private func page(_ files: [ReportFile]) throws -> String {
    let page = try #require(files.first { $0.name == "index.html" })
    return String(decoding: page.bytes, as: UTF8.self)
  }

  @Test("is the same to the last byte from the same store")
  func deterministic() throws {
    let first = try ReportFixture().report().files()
    let second = try ReportFixture().report().files()
    #expect(first == second)
  }

  @Test("has a file for every picture, each of which the page names once")
  func files() throws {
    let files = try ReportFixture().report().files()
    let page = try page(files)
    let names = files.map(\.name)
    #expect(Set(names).count == names.count)
    for expected in [
      "errors.svg", "errors-no-sampling.svg", "reconstruction-at-mean.svg",
      "learning-784-256-2.svg", "collapse-784-256-32-8-4.svg", "latents-784-256-32-8-4.svg",
      "codes-784-256-2.svg", "codes-784-256-2-no-sampling.svg", "samples-784-256-2.png",
      "cloud-784-256-32-8-3.svg", "samples-784-256-32-8-3.svg", "samples-784-256-32-8-4.png",
      "samples-784-256-32-4.png", "samples-784-32-8.png", "trajectories-digits-784-256-2.gif",
      "trajectories-cloud-784-256-32-8-2.gif", "reconstructions.png", "coverage.svg",
    ] {
      #expect(names.contains(expected), "\(expected)")
    }
    for name in names where name != "index.html" {
      #expect(page.components(separatedBy: "href=\"\(name)\"").count == 2, "\(name)")
    }
  }

  @Test("needs nothing from anywhere: no address but namespaces and files beside it")
  func selfContained() throws {
    let page = try page(try ReportFixture().report().files())
    for match in page.matches(of: /(?:src|href)="([^"]*)"/) {
      let target = match.1
      let isLocal =
        target.hasPrefix("#") || target.hasPrefix("data:")
        || target.wholeMatch(of: /[a-z0-9._-]+/) != nil
      #expect(isLocal, "\(target.prefix(80))")
    }
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("@import"))
  }

  @Test("says beside its figures what diverged and what is missing")
  func counts() throws {
    let page = try page(try ReportFixture().report().files())
    #expect(page.contains("11/12 ok, 1 missing"))
    #expect(page.contains("11/12 ok, 1 diverged"))
    #expect(page.contains("144 runs planned: 142 ended well, 1 diverged, 0 failed, 1 missing"))
  }

  @Test("names a sweep once that was edited, and has each of its files")
  func edited() throws {
    let grid = try RunFixture.grid(["784-256-2"], seeds: 2)
    var contents = ReportContents(
      sweeps: [("again", "first: 1"), ("other", "second: 2"), ("again", "third: 3")].map {
        ReportContents.StoredSweepText(name: $0.0, dataset: "mnist", yaml: $0.1)
      }, datasetDigest: "", trainerVersion: 1, planned: Grid.plannedOnce([grid]))
    for (index, point) in grid.points {
      contents.add(
        RunFixture.outcome(point, total: 100 + Double(index)), receipt: RunFixture.receipt)
    }
    let page = try page(try StudyReport(contents, kinds: [:], version: "0").files())
    #expect(page.contains("<title>again, other: what the seeds tell</title>"))
    #expect(page.contains("<b>again, other</b>: "))
    #expect(page.contains("<dt>sweeps</dt><dd>again, other</dd>"))
    #expect(page.components(separatedBy: "<code>again</code>").count == 2)
    for text in ["first: 1", "second: 2", "third: 3"] {
      #expect(page.contains("<pre tabindex=\"0\">\(text)</pre>"), "\(text)")
    }
  }

  @Test("shows the run that was asked for, by name")
  func shown() throws {
    let fixture = try ReportFixture(architectures: ["784-256-2"])
    // Seeds 0, 1 and 2 have pictures; with sampling their losses rise with (index · 7) mod 11.
    let captions = try ShownRun.allCases.map { show in
      let page = try page(try fixture.report(show).files())
      let match = try #require(
        page.firstMatch(
          of:
            /784-256-2 with sampling, (seed \d+): test_total_last5 ([0-9.]+) nats, the (\w+) loss of the 3 runs with this picture \(of \d+\); key [0-9a-f]{12}/
        ))
      return (show, String(match.1), Double(match.2) ?? 0)
    }
    #expect(Set(captions.map(\.1)).count == 3)
    #expect(captions[0].2 < captions[1].2 && captions[1].2 < captions[2].2)
  }

  @Test("calls no run of an even number the median")
  func even() throws {
    // Seeds 0 and 1 have pictures.
    let page = try page(
      try ReportFixture(architectures: ["784-256-2"], seeds: 2).report(.median).files())
    #expect(page.contains("the lower of the two middle losses of the 2 runs with this picture"))
  }

  @Test("says which latents are drawn at the edge, and keeps the label of the threshold whole")
  func latents() throws {
    let grid = try RunFixture.grid(["784-256-4"], seeds: 3)
    func files(_ threshold: Double, _ still: Int) throws -> [ReportFile] {
      var contents = ReportContents(
        sweeps: [], datasetDigest: "", trainerVersion: 1, planned: Grid.plannedOnce([grid]),
        collapseThreshold: threshold, resampling: Resampling(replicates: 99, seed: 1))
      for (index, point) in grid.points {
        contents.add(
          RunFixture.outcome(
            point, total: 100 + Double(index), collapsed: index == 0 ? still : 0, variance: 0),
          receipt: RunFixture.receipt)
      }
      return try StudyReport(contents, kinds: [:], version: "0").files()
    }
    let still = try page(try files(0.01, 2))
    #expect(
      still.contains("12 latents of 3 runs; 3/3 ok. 2 with Var(μ) below 10⁻⁸ are drawn there."))
    let moving = try files(0.1, 0)
    #expect(!(try page(moving)).contains("are drawn there"))
    // Var(μ) is 1 or above: the axis begins at the threshold.
    let svg = try #require(moving.first { $0.name == "latents-784-256-4.svg" })
    #expect(
      String(decoding: svg.bytes, as: UTF8.self)
        .firstMatch(of: /text-anchor="start">collapsed below 0.1</) != nil)
  }

  @Test("tells where a store without pictures, and data that can't be read, leave it")
  func missing() throws {
    let fixture = try ReportFixture(architectures: ["784-256-2"], pictures: false)
    #expect(try page(try fixture.report().files()).contains("The store holds no picture data"))
    let whole = try ReportFixture(architectures: ["784-256-2"])
    var report = StudyReport(whole.contents, kinds: whole.kinds)
    for request in report.wanted { report.add([1, 2, 3], for: request) }
    #expect(try page(try report.files()).contains("can’t be read"))
  }

  @Test("survives arrays that are not what their kind says")
  func strangeArrays() throws {
    let fixture = try ReportFixture(architectures: ["784-256-2", "784-256-32-8-3"])
    var report = StudyReport(fixture.contents, kinds: fixture.kinds)
    var arrays = NamedArrays()
    arrays.set("labels", shape: [2], .bytes([200, 3]))
    arrays.set("mu", shape: [2, 2], .floats([.nan, .infinity, 1, 2]))
    arrays.set("images", shape: [1, 2], .bytes([1, 2]))
    arrays.set("digits_steps", shape: [0], .integers([]))
    for request in report.wanted { report.add(arrays.data, for: request) }
    let files = try report.files()
    #expect(!files.contains { $0.name.hasPrefix("codes-") })
  }

  @Test("shows every class of letters in the colours of ten, with its own label")
  func letters() throws {
    let fixture = try ReportFixture(architectures: ["784-256-2"])
    var report = StudyReport(fixture.contents, kinds: fixture.kinds)
    var arrays = NamedArrays()
    arrays.set("labels", shape: [26], .bytes(Array(1...26)))
    arrays.set("mu", shape: [26, 2], .floats((0..<52).map { Float($0) / 20 }))
    for request in report.wanted { report.add(arrays.data, for: request) }
    let file = try #require(try report.files().first { $0.name.hasPrefix("codes-") })
    let svg = String(decoding: file.bytes, as: UTF8.self)
    #expect(svg.contains(">26</text>") && svg.contains(">11</text>"))
    #expect(svg.contains(#"class="code d6""#) && !svg.contains(#"class="code d26""#))
  }

  @Test("of one configuration with one run has no comparison and no interval, and is made")
  func smallest() throws {
    let fixture = try ReportFixture(architectures: ["784-256-2"], seeds: 1, epochs: 1)
    let page = try page(try fixture.report().files())
    #expect(page.contains("1/1 ok"))
  }

  @Test("begins with the question, its answer in three sentences, and the one figure that shows it")
  func firstScreen() throws {
    let page = try page(try ReportFixture(pictures: false).report().files())
    #expect(page.contains("<h1>How much is the architecture, and how much is luck?</h1>"))
    let start = try #require(page.range(of: "<section id=\"luck\">"))
    let section = page[start.upperBound...]
    let figure = try #require(section.range(of: "<svg"))
    let before = section[..<figure.lowerBound]
    #expect(before.contains("<b>The configuration explains"))
    let answer = try #require(before.firstMatch(of: /<p><b>.*<\/p>/))
    #expect(answer.0.matches(of: /\.(?: |<)/).count >= 3)
    #expect(section[figure.lowerBound...].prefix(400).contains("Every run as a dot"))
  }

  @Test("of one configuration begins with how much luck there is, and what it goes with")
  func oneConfiguration() throws {
    var contents = try ReportFixture(pictures: false).contents
    let configuration = try Configuration(
      architecture: Architecture(parsing: "784-16-2"), [:])
    contents = ReportContents(
      sweeps: contents.sweeps, datasetDigest: contents.datasetDigest, trainerVersion: 1,
      planned: [], resampling: contents.resampling)
    for run in 0..<UInt32(9) {
      let point = Point(
        configuration: configuration,
        seeds: Seeds(initialization: run / 3, order: run, noise: run))
      contents.add(
        RunFixture.outcome(point, total: Double(100 + 10 * (run / 3) + run % 3)),
        receipt: RunFixture.receipt)
    }
    let files = try StudyReport(contents, kinds: [:], show: .median, version: "0.0.0").files()
    let page = try page(files)
    let start = try #require(page.range(of: "<section id=\"luck\">"))
    let section = page[start.upperBound...].prefix(1_000)
    #expect(section.contains("<b>784-16-2 has nothing to be compared with: what differs between "))
    #expect(section.contains(" goes with init_seed, the rest with order_seed and noise_seed, by "))
    #expect(page.contains("Every run as a dot in the row of its init_seed"))
    #expect(files.contains { $0.name.contains("luck-alone") })
  }

  @Test(
    "calls every measure by a long name, says which way is better, and puts alike ones together")
  func metricNames() throws {
    let page = try page(try ReportFixture(pictures: false).report().files())
    for words in [
      "<h3>Losses over the test images</h3>", "<h3>Codes against the prior</h3>",
      "KL part of the test loss <span class=\"soft\"><code>test_kl</code>, neither way is better</span>",
      "test loss, mean of the last five epochs (nats per image; lower is better)",
    ] { #expect(page.contains(words), "\(words)") }
    #expect(!page.contains("Other measures"))
  }

  @Test(
    "leaves out of its tables what is zero throughout, and puts long notes under them, once each")
  func tables() throws {
    let whole = try page(
      try ReportFixture(architectures: ["784-256-32-8-4"], seeds: 2, pictures: false).report()
        .files())
    #expect(!whole.contains(">diverged</th>"))
    let some = try page(try ReportFixture(pictures: false).report().files())
    #expect(some.contains(">diverged</th>"))
    let notes = some.matches(of: /<ol class="notes">([\s\S]*?)<\/ol>/).map { String($0.1) }
    for list in notes {
      let items = list.split(separator: "\n")
      #expect(Set(items).count == items.count)
    }
  }

  @Test("of 20,000 outcomes would stay below 8 MB")
  func bytesPerOutcome() throws {
    func size(_ seeds: UInt32) throws -> (outcomes: Int, bytes: Int) {
      let files = try ReportFixture(seeds: seeds, pictures: false).report().files()
      let page = try #require(files.first { $0.name == "index.html" })
      return (12 * Int(seeds), page.bytes.count)
    }
    let (few, many) = (try size(125), try size(250))
    let perOutcome = Double(many.bytes - few.bytes) / Double(many.outcomes - few.outcomes)
    #expect(perOutcome * 20_000 < 5_000_000)
  }

  @Test("of 500 outcomes is made in seconds and stays below 15 MB")
  func size() throws {
    let fixture = try ReportFixture(seeds: 42, epochs: 50)
    let files = try fixture.report().files()
    let page = try #require(files.first { $0.name == "index.html" })
    #expect(page.bytes.count < 15_000_000)
  }
}

@Suite("The folder of a report")
struct ReportFolderTests {
  private let files = [
    ("index.html", "<meta name=\"vaesweep-files\" content=\"a.svg index.html\">"),
    ("a.svg", "<svg/>"),
  ]

  private func report() throws -> [ReportFile] {
    try ReportFixture(architectures: ["784-256-2"], seeds: 2, epochs: 2).report().files()
  }

  @Test("takes a report over an earlier one, and removes what is no longer part of it")
  func again() throws {
    let folder = try TestSupport.TemporaryFolder()
    for (name, text) in files { try folder.write(Array(text.utf8), to: "out/\(name)") }
    try folder.write([1], to: "out/notes.txt")
    try ReportFolder(folder["out"]).write(try report())
    let names = folder.names(in: "out")
    #expect(!names.contains("a.svg"))
    #expect(names.contains("notes.txt"))
    #expect(names.contains("errors.svg"))
    try ReportFolder(folder["out"]).write(try report())
    #expect(folder.names(in: "out") == names)
  }

  @Test("overwrites nothing that it did not make", arguments: ["index.html", "errors.svg"])
  func foreign(name: String) throws {
    let folder = try TestSupport.TemporaryFolder()
    try folder.write(Array("mine".utf8), to: "out/\(name)")
    let files = try report()
    #expect(throws: ReportError.self) { try ReportFolder(folder["out"]).write(files) }
    #expect(folder.names(in: "out") == [name])
  }

  @Test("is never led out of itself by a page that names other files")
  func outside() throws {
    let folder = try TestSupport.TemporaryFolder()
    try folder.write([1], to: "keep.svg")
    let page = "<meta name=\"vaesweep-files\" content=\"index.html ../keep.svg ..svg\">"
    try folder.write(Array(page.utf8), to: "out/index.html")
    try? ReportFolder(folder["out"]).write(try report())
    #expect(folder.names().contains("keep.svg"))
  }

  @Test("says why it can't be made")
  func impossible() throws {
    let folder = try TestSupport.TemporaryFolder()
    try folder.write([1], to: "file")
    #expect(throws: ReportError.self) { try ReportFolder(folder["file/out"]).write([]) }
    // Before any work.
    #expect(throws: ReportError.self) { try ReportFolder(folder["file"]) }
  }
}
