using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>Asks a database or a broker in its own language how it is. It changes nothing there.</summary>
public interface IServiceProbe
{
    /// <summary>What an address of such a service begins with, such as <c>postgres</c>.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>Connects, signs in and asks; what the login may not see is left out.</summary>
    /// <param name="address">With the login, completed: it may hold a password and is never shown.</param>
    /// <returns>Figures named as in <see cref="ServiceFigures"/>.</returns>
    /// <exception cref="Problems.ProblemException">It cannot be reached, refuses the login, or answers what cannot be understood.</exception>
    Task<MetricPage> ProbeAsync(Uri address, CancellationToken stop);
}

/// <summary>What is known of services, under the same names whatever they are.</summary>
public static class ServiceFigures
{
    extension(MetricPage page)
    {
        /// <param name="kind">Such as <c>postgres</c>.</param>
        /// <param name="role">Such as <c>primary</c> or <c>replica</c>; empty where there is no such thing.</param>
        public void About(string kind, string version, string role) =>
            page.Gauge(
                "fairlead_service_info",
                "What the service is.",
                1,
                ("kind", kind),
                ("version", version),
                ("role", role)
            );

        public void Connections(double open, double? most)
        {
            page.Gauge("fairlead_service_connections", "Clients that are connected.", open);
            if (most is { } limit)
            {
                page.Gauge("fairlead_service_connections_max", "Clients that may be connected.", limit);
            }
        }

        /// <summary>How often what was asked for was in memory.</summary>
        public void Cache(double hits, double misses)
        {
            page.Counter("fairlead_service_cache_hits_total", "Reads that were answered from memory.", hits);
            page.Counter("fairlead_service_cache_misses_total", "Reads that were not in memory.", misses);
            if (hits + misses > 0)
            {
                page.Gauge(
                    "fairlead_service_cache_hit_ratio",
                    "The part of all reads since its start that was answered from memory.",
                    hits / (hits + misses)
                );
            }
        }

        public void Lag(string replica, double seconds) =>
            page.Gauge(
                "fairlead_service_replication_lag_seconds",
                "How far a replica is behind.",
                seconds,
                ("replica", replica)
            );

        public void Size(string database, double bytes) =>
            page.Gauge("fairlead_service_database_size_bytes", "What a database takes.", bytes, ("database", database));

        public void Memory(double bytes) =>
            page.Gauge("fairlead_service_memory_bytes", "Memory that the service uses for data.", bytes);

        public void Uptime(double seconds) =>
            page.Gauge("fairlead_service_uptime_seconds", "Time since the service started.", seconds);

        public void Queue(string queue, double messages, double consumers)
        {
            page.Gauge("fairlead_service_queue_messages", "Messages that wait in a queue.", messages, ("queue", queue));
            page.Gauge("fairlead_service_queue_consumers", "Consumers of a queue.", consumers, ("queue", queue));
        }
    }
}
