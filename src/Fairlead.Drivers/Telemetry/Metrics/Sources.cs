using System.Collections.Immutable;
using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Drivers.Telemetry.Metrics.Heads;

namespace Fairlead.Drivers.Telemetry.Metrics;

/// <summary>Where samples are at one moment. Every sample is in one of them or more; readers read each time once.</summary>
/// <param name="Head">The one that grows.</param>
/// <param name="Leaving">Heads that are being written to blocks.</param>
/// <param name="Blocks">In no particular order.</param>
internal sealed record Sources(Head Head, ImmutableArray<Head> Leaving, ImmutableArray<Block> Blocks);
