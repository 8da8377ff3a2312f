import ArgumentParser
import Dashboard
import Logging
import Sweep
import VAE

/// `--http` of commands that run a coordinator: what it does, for browsers and Prometheus.
struct HTTPOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Serve a live page, /metrics and /api/… here, such as 127.0.0.1:8757; port 0 takes any free one.",
      valueName: "address"))
  var http: String?
  @Option(
    help: ArgumentHelp(
      "Who reads with --http must know this; beyond loopback one is made where none is given.",
      valueName: "token"))
  var httpToken: String?

  /// What was asked for, checked.
  struct Plan {
    let address: HTTPAddress
    let rule: AccessRule
    /// Whether the token is one that nobody knows yet.
    let isGenerated: Bool
  }

  /// nil where nothing is to be served.
  func plan() throws(CommandError) -> Plan? {
    guard let http else {
      guard httpToken == nil else {
        throw .badInput("--http-token: without --http there is nothing to read")
      }
      return nil
    }
    do throws(DashboardError) {
      let address = try HTTPAddress(parsing: http)
      let isGenerated = httpToken == nil && !address.isLoopback
      let rule = try AccessRule(token: isGenerated ? AccessRule.generated() : httpToken)
      return Plan(address: address, rule: rule, isGenerated: isGenerated)
    } catch {
      switch error {
      case .token: throw .badInput("--http-token: \(error)")
      case .address, .listen: throw .badInput("--http \(error)")
      }
    }
  }
}

extension HTTPOptions.Plan {
  /// Listens and serves what a follower puts out, and says where.
  func serve(_ follower: SweepFollower, _ logger: Logger) throws(CommandError) -> DashboardServer {
    let pages = DashboardPages(
      follower.board,
      program: ProgramFacts(version: programVersion, trainerVersion: Trainer.version))
    let server: DashboardServer
    do throws(DashboardError) {
      server = try DashboardServer(at: address, rule: rule, pages: pages)
    } catch {
      throw .failure("--http: \(error)")
    }
    let place = "http://\(server.address)/"
    if let token = rule.token, isGenerated {
      logger.info("to look at it: \(place)?token=\(token)")
    } else {
      logger.info("to look at it\(rule.token == nil ? "" : " with the token"): \(place)")
    }
    if !server.address.isLoopback {
      logger.warning("\(place) is not encrypted: who sees the network's traffic sees the token")
    }
    return server
  }
}
