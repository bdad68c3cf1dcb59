namespace Millrace.Checkpointing;

/// <summary>What goes along with the cut of a savepoint.</summary>
/// <param name="Folder">Absolute URI of the folder that everything of the savepoint is written to, without a slash at
/// its end.</param>
/// <param name="Kind">What becomes of the job.</param>
[GenerateSerializer, Immutable, Alias("millrace.SavepointOrder")]
public sealed record SavepointOrder(
    [property: Id(0)] string Folder,
    [property: Id(1)] SavepointKind Kind)
{
    /// <summary>Most bytes of the folder's URI, in UTF-8: it travels between the records.</summary>
    public const int MaxFolderBytes = 2048;

    /// <summary>Whether subtasks stand still behind the cut, until they are told to go on or to stop.</summary>
    public bool Halts => Kind != SavepointKind.Continue;
}
