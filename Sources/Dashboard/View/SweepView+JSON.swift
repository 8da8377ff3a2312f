package import Sweep
import Wire

extension SweepView {
  /// What `/api/status` answers: everything but the points one by one and the summary.
  package var json: JSONValue {
    let rows = BoundedRows(workers.map(\.json))
    // Of very many workers a coordinator tells the first one by one, and counts them all.
    let connected = max(workers.count, fleet?.workers.total ?? 0)
    let lines = BoundedRows(
      alerts.map(JSONValue.string), within: BoundedRows.mostBytesOfWords)
    return [
      "sweep": .string(sweep), "origin": .string(origin), "points": counts.json,
      "complete": .bool(isComplete), "paused": .bool(isPaused),
      "lacking_artifacts": .int(lackingArtifacts), "points_per_hour": JSONValue(pointsPerHour),
      "images_per_second": JSONValue(imagesPerSecond), "seconds_left": secondsLeftJSON,
      "workers": rows.json, "workers_left_out": .int(connected - rows.rows.count),
      "fleet": fleet?.json ?? .null,
      "faults": .int(faults),
      "refused": .object(refused.map { JSONValue.Member($0.reason, .int($0.count)) }),
      "alerts": lines.json, "alerts_left_out": .int(lines.leftOut),
    ]
  }

  /// What `/api/summary` answers: the configurations in the order of the sweep file.
  package var summaryJSON: JSONValue {
    let rows = BoundedRows(summary.map(\.json))
    return ["configurations": rows.json, "left_out": .int(summaryLeftOut + rows.leftOut)]
  }

  /// What `/api/points` answers: the points that run, and the first of those that failed.
  package var pointsJSON: JSONValue {
    let running = BoundedRows(
      workers.flatMap { worker in worker.running.map { $0.json(on: worker.host) } })
    let failed = BoundedRows(
      failures.map { ["point": .string($0.name), "reason": .string($0.reason)] },
      within: BoundedRows.mostBytesOfWords)
    return [
      // The first that a coordinator told of, and of those the first that there is room for.
      "running": running.json,
      "running_left_out": .int(max(0, counts.running - running.rows.count)),
      "failed": failed.json,
      "failed_left_out": .int(max(0, counts.failed - failed.rows.count)),
    ]
  }

  /// The two ends of the range; null while unknown.
  private var secondsLeftJSON: JSONValue {
    guard let secondsLeft else { return .null }
    return [JSONValue(secondsLeft.lowerBound), JSONValue(secondsLeft.upperBound)]
  }
}

extension SweepView.Counts {
  var json: JSONValue {
    [
      "total": .int(points), "ok": .int(ok), "diverged": .int(diverged), "failed": .int(failed),
      "cancelled": .int(cancelled), "running": .int(running), "waiting": .int(waiting),
    ]
  }
}

extension SweepView.Worker {
  var json: JSONValue {
    [
      "host": .string(host), "process": .int(process), "slots": .int(slots),
      "finished": .int(finished), "running": .int(running.count),
      "images_per_second": JSONValue(imagesPerSecond?.rounded()),
      "seconds_silent": JSONValue((10 * silent).rounded() / 10),
      "drained": JSONValue(drained),
    ]
  }
}

extension SweepView.Running {
  func json(on host: String) -> JSONValue {
    [
      "key": .string(key.description), "configuration": .string(name), "host": .string(host),
      "epoch": .int(epoch), "fraction": JSONValue((1000 * fraction).rounded() / 1000),
    ]
  }
}

extension Fleet {
  var json: JSONValue { ["workers": workers.json, "slots": slots.json] }
}

extension Fleet.Count {
  var json: JSONValue {
    ["training": .int(training), "idle": .int(idle), "drained": .int(drained)]
  }
}

extension SummaryRow {
  var json: JSONValue {
    [
      "configuration": .string(configuration), "planned": .int(planned), "ok": .int(ok),
      "diverged": .int(diverged), "missing": .int(max(0, planned - ok - diverged)),
      "mean": JSONValue(mean), "sd": JSONValue(sd), "collapsed": JSONValue(collapsed),
    ]
  }
}
