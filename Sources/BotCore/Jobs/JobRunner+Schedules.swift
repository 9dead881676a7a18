import BotKit
import Foundation

/// The calendar of the jobs.
extension JobRunner {
    /// Brings the calendar of the table in line with the schedules that there are.
    func setSchedules() async throws {
        let stored = try await store.schedules()
        for schedule in schedules {
            guard let cron = CronExpression(schedule.cron) else { continue }
            let now = time.now
            if let known = stored[schedule.name], known.cron == schedule.cron, !isTooFar(known.next, by: cron, at: now)
            {
                nextRuns[schedule.name] = known.next
            } else if let next = cron.next(after: now) {
                try await store.setSchedule(schedule.name, cron: schedule.cron, next: next)
                nextRuns[schedule.name] = next
            }
        }
    }

    /// Enqueues the jobs of schedules that are due; missed runs become one.
    func fireSchedules(at now: Date) async throws {
        for schedule in schedules {
            guard let due = nextRuns[schedule.name], due <= now else { continue }
            guard let next = CronExpression(schedule.cron)?.next(after: now) else {
                nextRuns[schedule.name] = nil
                continue
            }
            let job = try SQL.enqueue(schedule.job, id: ids.next(at: now), at: now)
            do {
                try await store.fire(schedule.name, due: due, next: next, job: job)
                nextRuns[schedule.name] = next
            } catch DatabaseError.conflict {
                nextRuns[schedule.name] = try await store.schedules()[schedule.name]?.next ?? next
            }
        }
    }
}
