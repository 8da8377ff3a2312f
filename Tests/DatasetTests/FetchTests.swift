import Dataset
import TestSupport
import Testing

@Suite("Fetching by checksum", Requirement.program("curl"))
struct FetchTests {
  @Test("MNIST comes from a mirror, is verified, and is not fetched twice", Requirement.mnist)
  func mirror() throws {
    let temporary = try TemporaryFolder()
    let folders = temporary.folders(
      environment: ["VAESWEEP_MIRROR": "file://\(try #require(MNIST.folder))"])
    var lines: [String] = []
    let prepared = try prepareDataset(.mnist, folders: folders, allowFetch: true) {
      lines.append($0)
    }
    #expect(prepared.digest == MNIST.digest)
    #expect(temporary.names(in: "vaesweep/mnist").count == 4)
    // An interrupted fetch goes on with what is missing.
    Machine.run("rm", temporary["vaesweep/mnist/t10k-labels-idx1-ubyte.gz"])
    lines = []
    let again = try prepareDataset(.mnist, folders: folders, allowFetch: true) { lines.append($0) }
    #expect(again == prepared)
    #expect(lines.allSatisfy { !$0.contains("train") })
    lines = []
    #expect(
      try prepareDataset(.mnist, folders: folders, allowFetch: true) { lines.append($0) }
        == prepared)
    #expect(lines == [])
  }

  @Test(
    "What a mirror serves under a wrong checksum is not kept",
    arguments: [
      DatasetName.mnist, .fashionMNIST,
    ])
  func mismatch(name: DatasetName) throws {
    let temporary = try TemporaryFolder()
    let mirror = try temporary.writeDataset(
      IDXBytes.dataset().map(Gzip.stored), to: "mirror/\(name)"
    ) { "\($0.name).gz" }
    let folders = temporary.folders(environment: ["VAESWEEP_MIRROR": "file://\(mirror)/.."])
    let error = datasetError {
      _ = try prepareDataset(name, folders: folders, allowFetch: true) { _ in }
    }
    #expect(error?.kind == .digestMismatch)
    #expect(error?.description.contains("expected SHA-256") == true)
    #expect(temporary.names(in: "vaesweep/\(name)") == [])
  }

  @Test("Nothing listening is told within seconds, with what else can be done")
  func offline() throws {
    let temporary = try TemporaryFolder()
    let folders = temporary.folders(environment: ["VAESWEEP_MIRROR": "http://127.0.0.1:1"])
    let start = ContinuousClock.now
    let error = datasetError {
      _ = try prepareDataset(.mnist, folders: folders, allowFetch: true) { _ in }
    }
    #expect(error?.kind == .unavailable)
    for text in ["VAESWEEP_MIRROR", "--data", "digits"] {
      #expect(error?.description.contains(text) == true)
    }
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(temporary.cached == ["mnist"])
    #expect(temporary.names(in: "vaesweep/mnist") == [])
  }
}
