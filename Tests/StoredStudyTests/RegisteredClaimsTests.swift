import ResultStore
import StoredStudy
import Sweep
import Testing

@Suite("The claims that a store has fixed")
struct RegisteredClaimsTests {
  private let definition = Digest(of: "a sweep")

  private func family(_ yaml: String, outcomesBefore: Int = 0) -> StoredClaimFamily {
    StoredClaimFamily(
      definition: definition, digest: Digest(of: yaml), yaml: yaml, outcomesBefore: outcomesBefore,
      registeredAt: 0)
  }

  private func yaml(_ claim: String) -> String {
    """
    name: small
    dataset: digits
    grid: {architecture: [784-16-2], seed: 0..9}
    claims:
      - {id: a, claim: \(claim), test: mean, of: 784-16-2, metric: test_kl, expect: {above: 0}}
    """
  }

  private func read(_ families: [StoredClaimFamily]) -> RegisteredClaims {
    RegisteredClaims(families, names: [definition: "small"], of: "a.sqlite")
  }

  @Test("are those of before the first outcome, and beside them those of the last start")
  func edited() throws {
    let claims = read([
      family(yaml("first")), family(yaml("second")), family(yaml("third"), outcomesBefore: 4),
    ])
    let own = try #require(claims.families.first)
    #expect(claims.families.count == 1)
    #expect(own.registered.map(\.words) == ["second"])
    #expect(own.current.map(\.words) == ["third"])
    #expect(claims.leftOut.isEmpty)
  }

  @Test("are told, not dropped, where they can no longer be read")
  func unreadable() throws {
    let claims = read([
      family(yaml("first").replacing("test: mean", with: "test: of another version")),
      family(yaml("third"), outcomesBefore: 4),
    ])
    #expect(claims.families.map(\.registered) == [[]])
    #expect(claims.families.map { $0.current.map(\.words) } == [["third"]])
    let line = try #require(claims.leftOut.first)
    #expect(claims.leftOut.count == 1)
    #expect(line.hasPrefix("left out, without a verdict: family "))
    #expect(line.contains("a.sqlite: claims of sweep small"))
    #expect(line.contains("of another version"))
  }

  @Test("are read with bounds that a sweep file may not have any more")
  func bounds() throws {
    let text = yaml("first").replacing(
      "test: mean, of: 784-16-2, metric: test_kl, expect: {above: 0}",
      with: "test: collapse_share, of: 784-16-2, expect: {above: 1.5}")
    let claims = read([family(text)])
    #expect(claims.leftOut.isEmpty)
    #expect(
      claims.families.first?.registered.first?.parts.map(\.bounds) == [ClaimBounds(above: 1.5)])
  }

  @Test("are told once where the same family is fixed and current")
  func once() {
    #expect(read([family("claims: 7")]).leftOut.count == 1)
  }
}
