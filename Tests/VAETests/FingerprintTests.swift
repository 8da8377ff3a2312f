import Testing
import VAE

struct FingerprintTests {
  @Test("the fingerprint is the same twice and takes less than 50 ms")
  func fingerprint() {
    let first = NumericFingerprint.compute()
    let clock = ContinuousClock()
    let start = clock.now
    #expect(NumericFingerprint.compute() == first)
    #expect(first.count == 64)
    // Twice the promise: tests run beside each other.
    #expect(clock.now - start < .milliseconds(100))
  }
}
