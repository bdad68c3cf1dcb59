namespace Millrace.Functions;

/// <summary>Opens and closes a function of the user that asks for it.</summary>
internal static class UserFunction
{
    /// <summary>
    /// Opens the function. A struct is opened in a box and taken out again, so that what it keeps is kept.
    /// </summary>
    public static void Open<TFunction>(ref TFunction function, RuntimeContext context)
    {
        if (function is IRichFunction rich)
        {
            rich.Open(context);
            function = (TFunction)rich;
        }
    }

    /// <summary>A snapshot is about to be taken.</summary>
    public static void PrepareSnapshot<TFunction>(ref TFunction function)
    {
        if (function is ICheckpointedFunction checkpointed)
        {
            checkpointed.SnapshotState();
            function = (TFunction)checkpointed;
        }
    }

    /// <summary>Closes the function.</summary>
    public static void Close<TFunction>(ref TFunction function)
    {
        if (function is IRichFunction rich)
        {
            rich.Close();
        }
    }

    /// <summary>Opens a function that is an object.</summary>
    public static void Open(object function, RuntimeContext context) => (function as IRichFunction)?.Open(context);

    /// <summary>A snapshot of a function that is an object is about to be taken.</summary>
    public static void PrepareSnapshot(object function) => (function as ICheckpointedFunction)?.SnapshotState();

    /// <summary>Closes a function that is an object.</summary>
    public static void Close(object function) => (function as IRichFunction)?.Close();
}
