import Testing
import VAE

struct FingerprintTests {
  @Test("the fingerprint is the same twice")
  func fingerprint() {
    let first = NumericFingerprint.compute()
    #expect(NumericFingerprint.compute() == first)
    #expect(first.count == 64)
  }
}
