namespace Fairlead.Engine.Deploying.Gates;

/// <summary>What a query gate's query gave.</summary>
/// <param name="Part">For the part under test; null when there is no data.</param>
/// <param name="Before">For the part before; null when there is no data, or it is not asked.</param>
/// <param name="Breaches">How many looks in a row were beyond the limit.</param>
public sealed record QueryView(double? Part, double? Before, int Breaches);
