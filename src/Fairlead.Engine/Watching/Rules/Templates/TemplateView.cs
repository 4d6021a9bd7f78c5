using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules.Templates;

/// <summary>What a template can speak of.</summary>
/// <param name="Value">The number that the query found.</param>
internal sealed record TemplateView(Labels Labels, double Value, Labels External, string ExternalUrl);

/// <summary>A template cannot be read or filled in.</summary>
internal sealed class TemplateException(string message) : Exception(message);

/// <summary>A template asks a query whose answer is not there yet.</summary>
internal sealed class UnknownQueryException(string query) : Exception($"the answer of {query} is missing")
{
    public string Query => query;
}
