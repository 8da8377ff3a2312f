import ResultStore
import Sweep
import TestSupport
import Testing

@Suite("The claims of a sweep")
struct ClaimStorageTests {
  @Test("are kept in the order in which they were recorded, each with its file and its time")
  func families() throws {
    let folder = try TemporaryFolder()
    let store = try ResultStore(path: folder.file(), identity: Fixture.identity)
    let definition = Digest(of: "a definition")
    let sweep = try store.register(
      sweep: "x", dataset: "mnist", definition: definition, yaml: "name: x", at: 1)
    let reader = try StoreReader(path: folder.file())
    #expect(try reader.claimFamilies().isEmpty)
    let families = [("a", 0), ("b", 12), ("a", 20)]
    for (index, family) in families.enumerated() {
      try store.record(
        claims: Digest(of: family.0), family: "{\"claims\":[]}", yaml: "name: x # \(family.0)",
        of: sweep, outcomesBefore: family.1, at: Double(index) + 2)
    }
    #expect(
      try reader.claimFamilies()
        == families.enumerated().map { index, family in
          StoredClaimFamily(
            definition: definition, digest: Digest(of: family.0), yaml: "name: x # \(family.0)",
            outcomesBefore: family.1, registeredAt: Double(index) + 2)
        })
    // What is no JSON is refused, so that a family can always be read again.
    #expect(throws: StoreError.self) {
      try store.record(
        claims: Digest(of: "c"), family: "{", yaml: "", of: sweep, outcomesBefore: 0, at: 9)
    }
  }
}
