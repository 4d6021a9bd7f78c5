using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>A pipeline that was read from the file of another system.</summary>
/// <param name="Notes">What became of each part of the file, in its order.</param>
public sealed record ImportedPipeline(Pipeline Pipeline, IReadOnlyList<TranslationNote> Notes);
