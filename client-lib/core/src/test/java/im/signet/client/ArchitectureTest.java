package im.signet.client;

class ArchitectureTest extends ArchitectureRules {}
