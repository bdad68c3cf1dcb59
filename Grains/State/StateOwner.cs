namespace Millrace.State;

/// <summary>Who of an operator has a state. Names are found by all of them in one place, and belong to one.</summary>
internal enum StateOwner
{
    /// <summary>A function of the user.</summary>
    Function,

    /// <summary>The trigger of its windows.</summary>
    Trigger,

    /// <summary>The operator itself.</summary>
    Operator,
}
