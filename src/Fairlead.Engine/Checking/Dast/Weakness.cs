using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Checking.Dast;

/// <summary>Something in a running service that helps whoever attacks it.</summary>
/// <param name="Rule">Stable, such as <c>git-exposed</c>.</param>
/// <param name="Where">Such as <c>GET /.git/HEAD</c>.</param>
internal sealed record Weakness(Severity Severity, string Rule, string Where, string What, string Why, string Fix);
