namespace Fairlead.Roles.Edge.Upstream;

/// <summary>A field of a head, for the client.</summary>
internal readonly record struct Field(string Name, string Value);
