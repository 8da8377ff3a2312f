internal import Sweep
internal import VAE

extension AuditRequest {
  init(_ message: Vaesweep_AuditRequest) throws(WireError) {
    try FieldRules.few(message.points.count, "list of points", atMost: Self.maxPoints)
    var points: [AuditOrder] = []
    for point in message.points { points.append(try AuditOrder(point)) }
    self.init(
      audit: AuditID(message.audit),
      dataset: try FieldRules.digest(message.datasetDigest, "dataset digest"),
      trainerVersion: Int(message.trainerVersion), points: points)
  }

  func protobuf() throws(WireError) -> Vaesweep_AuditRequest {
    var message = Vaesweep_AuditRequest()
    message.audit = audit.value
    message.datasetDigest = dataset.hex
    message.trainerVersion = try FieldRules.small(trainerVersion, "trainer version")
    for point in points { message.points.append(try point.protobuf()) }
    return message
  }
}

extension AuditOrder {
  init(_ message: Vaesweep_AuditOrder) throws(WireError) {
    self.init(
      key: PointKey(try FieldRules.digest(message.key, "key")), point: try Point(message.point),
      origin: TrainingSite(
        host: try FieldRules.line(message.host, "host", longest: FieldRules.longestName),
        cpu: try FieldRules.line(message.cpu, "CPU", longest: FieldRules.longestName)))
  }

  func protobuf() throws(WireError) -> Vaesweep_AuditOrder {
    var message = Vaesweep_AuditOrder()
    message.key = key.description
    message.point = try point.protobuf()
    message.host = FieldRules.cleanName(origin.host)
    message.cpu = FieldRules.cleanName(origin.cpu)
    return message
  }
}

extension AuditProgress {
  init(_ message: Vaesweep_AuditProgress) throws(WireError) {
    let points = 0...AuditRequest.maxPoints
    self.init(
      audit: AuditID(message.audit), sweep: try FieldRules.name(message.sweep, "sweep"),
      dataset: try FieldRules.digest(message.datasetDigest, "dataset digest"),
      trainerVersion: Int(message.trainerVersion),
      waiting: try FieldRules.count(message.waiting, "number of points", in: points),
      running: try FieldRules.count(message.running, "number of points", in: points))
  }

  func protobuf() throws(WireError) -> Vaesweep_AuditProgress {
    var message = Vaesweep_AuditProgress()
    message.audit = audit.value
    message.sweep = FieldRules.cleanName(sweep)
    message.datasetDigest = dataset.hex
    message.trainerVersion = try FieldRules.small(trainerVersion, "trainer version")
    message.waiting = try FieldRules.small(waiting, "number of points")
    message.running = try FieldRules.small(running, "number of points")
    return message
  }
}

extension AuditResult {
  init(_ message: Vaesweep_AuditResult) throws(WireError) {
    let audit = AuditID(message.audit)
    switch message.result {
    case .outcome(let body):
      let outcome = try Outcome(body.outcome)
      self.init(
        audit: audit, key: outcome.key, again: .outcome(outcome, try Receipt(body.receipt)))
    case .loss(let body):
      self.init(
        audit: audit, key: PointKey(try FieldRules.digest(body.key, "key")),
        again: .notTrained(try FieldRules.line(body.reason, "reason")))
    case nil: throw .invalid(field: "audit result", reason: "has neither outcome nor loss")
    }
  }

  func protobuf() throws(WireError) -> Vaesweep_AuditResult {
    var message = Vaesweep_AuditResult()
    message.audit = audit.value
    switch again {
    case .outcome(let outcome, let receipt):
      var body = Vaesweep_AuditOutcome()
      body.outcome = try outcome.protobuf()
      body.receipt = receipt.protobuf()
      message.result = .outcome(body)
    case .notTrained(let reason):
      var body = Vaesweep_AuditLoss()
      body.key = key.description
      body.reason = FieldRules.clean(reason)
      message.result = .loss(body)
    }
    return message
  }
}
