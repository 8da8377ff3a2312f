import Sweep
import Testing
import VAE

@Suite("The name of a configuration")
struct ConfigurationNameTests {
  private func configurations(
    _ values: [[TrainKey: ParameterValue]]
  ) throws -> [Configuration] {
    try ["784-256-2", "784-256-32-8-4"].flatMap { architecture in
      try values.map {
        try Configuration(architecture: Architecture(parsing: architecture), $0)
      }
    }
  }

  @Test("leaves out what varies and changes nothing here, and says every other key that varies")
  func silent() throws {
    let all = try configurations([
      [:], [.klWarmup: .int(5)], [.freeBits: .double(0.5)], [.schedule: .string("0.3@10")],
      [.learningRate: .double(0.01)], [.limit: .int(500)],
    ])
    #expect(
      all.prefix(6).map { $0.told(apartFrom: all) } == [
        "784-256-2,learning_rate=0.001", "784-256-2,learning_rate=0.001,kl_warmup=5",
        "784-256-2,learning_rate=0.001,free_bits=0.5",
        "784-256-2,learning_rate=0.001,schedule=0.3@10", "784-256-2,learning_rate=0.01",
        "784-256-2,learning_rate=0.001,limit=500",
      ])
    let remedies = Array(all.prefix(3))
    #expect(remedies.map { $0.inWords(apartFrom: remedies) }[1] == "784-256-2,kl_warmup=5")
    #expect(remedies[0].told(apartFrom: remedies) == "784-256-2")
  }

  @Test("leaves out what only some optimisers have, and writes numbers as a user does")
  func optimizers() throws {
    let all = try configurations([
      [.optimizer: .string("sgd"), .klWeight: .double(2)],
      [.optimizer: .string("sgd"), .momentum: .double(0), .klWeight: .double(2)],
      [.klWeight: .double(0.5)], [.klWeight: .double(0.5), .epsilon: .double(1e-5)],
    ])
    #expect(
      all.map { $0.told(apartFrom: all) }.prefix(4) == [
        "784-256-2,optimizer=sgd,momentum=0.9,kl_weight=2",
        "784-256-2,optimizer=sgd,momentum=0,kl_weight=2",
        "784-256-2,optimizer=adam,epsilon=1e-8,kl_weight=0.5",
        "784-256-2,optimizer=adam,epsilon=0.00001,kl_weight=0.5",
      ])
    for configuration in all {
      let name = configuration.told(apartFrom: all)
      #expect(try ConfigurationSelection(parsing: name).choose(from: all) == configuration)
    }
  }

  @Test("is that configuration's alone, and a user who gives it gets it")
  func chosen() throws {
    var values: [[TrainKey: ParameterValue]] = []
    for warmup in [0, 5] {
      for bits in [0.0, 0.5] {
        for sampling in [true, false] where sampling || (warmup == 0 && bits == 0) {
          for schedule in [ParameterValue.null, .string("0.3@10")] {
            values.append([
              .klWarmup: .int(warmup), .freeBits: .double(bits), .sampling: .bool(sampling),
              .schedule: schedule,
            ])
          }
        }
      }
    }
    let all = try configurations(values)
    let names = all.map { $0.told(apartFrom: all) }
    #expect(Set(names).count == all.count)
    for (name, configuration) in zip(names, all) {
      let chosen = try ConfigurationSelection(parsing: name).choose(from: all)
      #expect(chosen == configuration, "\(name)")
    }
  }
}
