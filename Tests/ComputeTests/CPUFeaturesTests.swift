import Processor
import Testing

struct CPUFeaturesTests {
  @Test("this machine runs the tests, so it has what the vector path needs")
  func supported() {
    #expect(CPUFeatures.supportsVectorPath)
    #expect(CPUFeatures.missing.isEmpty)
    #expect(!CPUFeatures.modelName.isEmpty)
  }

  #if arch(x86_64)
    @Test("a CPU without AVX2 or FMA lacks them by name")
    func missing() {
      #expect(CPUFeatures.missing(in: ["sse4_2", "avx"]) == ["avx2", "fma"])
      #expect(CPUFeatures.missing(in: ["avx2", "fma"]).isEmpty)
    }

    @Test("BLAS cores this CPU can run are told from unknown ones")
    func cores() {
      #expect(CPUFeatures.canRun(blasCore: "haswell"))
      #expect(CPUFeatures.canRun(blasCore: "native"))
      #expect(CPUFeatures.canRun(blasCore: "Zen"))
      #expect(!CPUFeatures.canRun(blasCore: "pentium"))
      #expect(
        CPUFeatures.canRun(blasCore: "skylakex") == CPUFeatures.flags.contains("avx512f"))
    }
  #endif
}
